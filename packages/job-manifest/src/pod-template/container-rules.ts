// What a patch may set in a container: the agent's own, and those that it adds.
import type { V1EnvVar, V1ResourceRequirements } from "@kubernetes/client-node";
import { validateVariableName, validateVariableValue } from "../validate/environment.ts";
import { endingProbeRule, lifecycleRule, readinessProbeRule } from "../validate/pod/probe.ts";
import { variableSourceRule, variablesFromRule } from "../validate/pod/variable-source.ts";
import { mountsRule } from "../validate/pod/volume-mount.ts";
import { validateResources } from "../validate/resources.ts";
import {
  allowWeaker,
  anyText,
  fields,
  flag,
  listOf,
  named,
  oneOf,
  owned,
  type Rule,
  type Rules,
  requireObject,
  text,
  whole,
  wrong,
} from "../validate/rule.ts";
import { isDnsLabel } from "../validate/syntax.ts";
import { containerSecurityRule } from "./security-rules.ts";

const variable: Rule = (value, at, scope) => {
  const { name, value: literal, valueFrom, ...rest } = requireObject(value, at) as unknown as V1EnvVar;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) wrong(`${at}.${unknown}`, "is no part of a variable: check its spelling");
  validateVariableName(name, { at: `${at}.name`, list: at.replace(/\[[0-9]+\]$/, "") });
  if (scope.isAgent && Object.hasOwn(scope.spec.environment, name)) {
    owned("`environment` has this variable already: set it there")(name, `${at}.name`, scope);
  }
  if (literal !== undefined && valueFrom !== undefined)
    wrong(`${at}.valueFrom`, "stands beside a value: give one of them");
  if (literal !== undefined) validateVariableValue(name, literal, `${at}.value`);
  if (valueFrom !== undefined) variableSourceRule(valueFrom, `${at}.valueFrom`, scope);
};

const port: Rule = fields(
  {
    containerPort: whole(1, 65_535),
    hostIP: text,
    hostPort: (value, at, scope) => {
      whole(0, 65_535)(value, at, scope);
      if (value !== 0) allowWeaker(value, at, scope, "hostNetwork");
    },
    name: named(
      (name) => /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(name),
      "at most 15 small letters and digits",
    ),
    protocol: oneOf("TCP", "UDP", "SCTP"),
  },
  ["containerPort"],
);

/** Resource requests and limits. */
export const resourcesRule: Rule = (value, at) => validateResources(value as V1ResourceRequirements, at);

const resize = fields(
  { resourceName: oneOf("cpu", "memory"), restartPolicy: oneOf("NotRequired", "RestartContainer") },
  ["resourceName", "restartPolicy"],
);
const volumeDevice = fields({ name: text, devicePath: text }, ["name", "devicePath"]);

/** What both kinds of containers may have. */
const COMMON: Rules = {
  env: listOf(variable),
  envFrom: listOf(variablesFromRule),
  ports: listOf(port),
  readinessProbe: readinessProbeRule,
  resizePolicy: listOf(resize),
  resources: resourcesRule,
  securityContext: containerSecurityRule,
  volumeDevices: listOf(volumeDevice),
  volumeMounts: mountsRule,
};

const END = "it decides when the agent ends; `bounds.timeoutSec` and `bounds.graceSec` do";
const COMMAND = "the container runs the pod's script; the agent CLI is the option `command`";
const STREAMS = "the agent CLI reads its prompt, and what it writes goes into files";
const MESSAGE = "the script tells its failures there";

const AGENT: Rules = {
  ...COMMON,
  name: text,
  args: owned(COMMAND),
  command: owned(COMMAND),
  image: owned("set the option `image`"),
  imagePullPolicy: owned("set the option `imagePullPolicy`"),
  lifecycle: owned(END),
  livenessProbe: owned(END),
  restartPolicy: owned("an agent runs once"),
  restartPolicyRules: owned("an agent runs once"),
  startupProbe: owned(END),
  stdin: owned(STREAMS),
  stdinOnce: owned(STREAMS),
  terminationMessagePath: owned(MESSAGE),
  terminationMessagePolicy: owned(MESSAGE),
  tty: owned(STREAMS),
  workingDir: owned("set the option `workingDirectory`"),
};

const ADDED: Rules = {
  ...COMMON,
  name: named(isDnsLabel, "a DNS label"),
  args: listOf(anyText),
  command: listOf(anyText),
  image: text,
  imagePullPolicy: oneOf("Always", "IfNotPresent", "Never"),
  lifecycle: lifecycleRule,
  livenessProbe: endingProbeRule,
  startupProbe: endingProbeRule,
  stdin: flag,
  stdinOnce: flag,
  terminationMessagePath: text,
  terminationMessagePolicy: oneOf("File", "FallbackToLogsOnError"),
  tty: flag,
  workingDir: text,
};

/** The agent's own container. */
export const agentContainerRule: Rule = fields(AGENT, ["name"]);

/** A container beside it. */
export const sidecarRule: Rule = fields(
  { ...ADDED, restartPolicy: owned("containers beside the agent run once; an init container may be Always") },
  ["name", "image"],
);

const initContainer = fields({ ...ADDED, restartPolicy: oneOf("Always") }, ["name", "image"]);

/** One before it, or with `restartPolicy: Always` around it. */
export const initContainerRule: Rule = (value, at, scope) => {
  initContainer(value, at, scope);
  const shape = value as Record<string, unknown>;
  if (shape["restartPolicy"] === "Always") return;
  for (const name of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]) {
    if (shape[name] !== undefined) {
      wrong(`${at}.${name}`, "goes with restartPolicy Always only: leave it out");
    }
  }
};
