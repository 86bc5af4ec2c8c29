// What a patch may set in the pod's spec.
import type { V1Toleration } from "@kubernetes/client-node";
import { CONTAINER_NAME } from "../pod/container-name.ts";
import { affinityRule } from "../validate/pod/affinity.ts";
import { dnsConfigRule, dnsPolicyRule, hostAliasesRule } from "../validate/pod/dns.ts";
import { topologySpreadRule } from "../validate/pod/spread.ts";
import { volumeRule } from "../validate/pod/volume.ts";
import {
  allowWeaker,
  fields,
  flag,
  listOf,
  named,
  object,
  owned,
  type Rule,
  type Rules,
  requireObject,
  text,
  wrong,
} from "../validate/rule.ts";
import { validateNodeSelector, validateToleration } from "../validate/scheduling.ts";
import { isDnsLabel, isDnsSubdomain, quoted } from "../validate/syntax.ts";
import { agentContainerRule, initContainerRule, resourcesRule, sidecarRule } from "./container-rules.ts";
import { podSecurityRule } from "./security-rules.ts";

const objectName = named(isDnsSubdomain, "an object's name in small letters");
const dnsLabel = named(isDnsLabel, "at most 63 small letters, digits and dashes");
const PID_ONE = "the script must be the first process of a container of its own to know what the agent left";

const containers: Rule = (value, at, scope) => {
  listOf(object)(value, at, scope);
  for (const [index, container] of (value as readonly Record<string, unknown>[]).entries()) {
    const isAgent = container["name"] === CONTAINER_NAME;
    (isAgent ? agentContainerRule : sidecarRule)(container, `${at}[${index}]`, { ...scope, isAgent });
  }
};

const tolerations: Rule = (value, at, scope) => {
  listOf(object)(value, at, scope);
  for (const [index, item] of (value as readonly V1Toleration[]).entries())
    validateToleration(`${at}[${index}]`, item);
};

const nodeSelector: Rule = (value, at) =>
  validateNodeSelector(requireObject(value, at) as Record<string, string>, at);

const hostNetwork: Rule = (value, at, scope) => {
  flag(value, at, scope);
  if (value === true) allowWeaker(value, at, scope, "hostNetwork");
};

const SPEC: Rules = {
  activeDeadlineSeconds: owned("set the option `bounds.timeoutSec`"),
  affinity: affinityRule,
  automountServiceAccountToken: owned("set the option `automountServiceAccountToken`"),
  containers,
  dnsConfig: dnsConfigRule,
  dnsPolicy: dnsPolicyRule,
  enableServiceLinks: flag,
  ephemeralContainers: owned("only a running pod can get them"),
  hostAliases: hostAliasesRule,
  hostIPC: owned("an agent never shares its node's memory"),
  hostNetwork,
  hostPID: owned(PID_ONE),
  hostUsers: flag,
  hostname: dnsLabel,
  imagePullSecrets: listOf(fields({ name: objectName }, ["name"])),
  initContainers: listOf(initContainerRule),
  nodeName: owned("it would pass the scheduler by; use nodeSelector or affinity"),
  nodeSelector,
  preemptionPolicy: owned("Kubernetes sets it from priorityClassName"),
  priority: owned("Kubernetes sets it from priorityClassName"),
  priorityClassName: objectName,
  readinessGates: listOf(fields({ conditionType: text }, ["conditionType"])),
  resourceClaims: listOf(
    fields({ name: dnsLabel, resourceClaimName: objectName, resourceClaimTemplateName: objectName }, [
      "name",
    ]),
  ),
  resources: resourcesRule,
  restartPolicy: owned("an agent runs once"),
  runtimeClassName: objectName,
  schedulerName: objectName,
  schedulingGates: listOf(fields({ name: text }, ["name"])),
  securityContext: podSecurityRule,
  serviceAccount: owned("set the option `serviceAccountName`"),
  serviceAccountName: owned("set the option `serviceAccountName`"),
  setHostnameAsFQDN: flag,
  shareProcessNamespace: owned(PID_ONE),
  subdomain: dnsLabel,
  terminationGracePeriodSeconds: owned("set the option `bounds.graceSec`"),
  tolerations,
  topologySpreadConstraints: topologySpreadRule,
  volumes: listOf(volumeRule),
};

const shape = fields(SPEC);

/** The pod's spec in a patch. */
export const podSpecRule: Rule = (value, at, scope) => {
  // First, since others speak of them.
  const { volumes: named } = requireObject(value, at);
  if (named != null) SPEC["volumes"]!(named, `${at}.volumes`, scope);
  shape(value, at, scope);
  const { containers = [], initContainers = [], volumes = [] } = value as NamedLists;
  requireApart([], volumes, `${at}.volumes`);
  requireApart([], containers, `${at}.containers`);
  const others = [CONTAINER_NAME, ...containers.map(({ name }) => name)];
  requireApart(others, initContainers, `${at}.initContainers`);
};

interface NamedLists {
  readonly containers?: readonly { readonly name: string }[];
  readonly initContainers?: readonly { readonly name: string }[];
  readonly volumes?: readonly { readonly name: string }[];
}

function requireApart(
  others: readonly string[],
  list: readonly { readonly name: string }[],
  at: string,
): void {
  const taken = new Set(others);
  for (const [index, { name }] of list.entries()) {
    if (taken.has(name)) wrong(`${at}[${index}].name`, `is ${quoted(name)} once more: give each its own`);
    taken.add(name);
  }
}
