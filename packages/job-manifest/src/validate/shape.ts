import type { AgentRunSpec } from "../agent-run-spec.ts";
import { SECURITY_RELAXATIONS } from "../pod-template/pod-template-patch.ts";
import { fields, flag, listOf, object, oneOf, type Rule } from "./rule.ts";

/** What has a check of its own. */
const later: Rule = () => {};
const list = listOf(later);

const volume = fields({ claimName: later, mountPath: later, subPaths: list, readOnlySubPaths: list }, [
  "claimName",
  "mountPath",
]);
const user = fields({ uid: later, gid: later }, ["uid", "gid"]);

/** Every field of a description with its JSON type: what comes from a config may be anything. */
const SHAPE: Readonly<Record<keyof AgentRunSpec, Rule>> = {
  identity: object,
  naming: object,
  namespace: later,
  image: later,
  imagePullPolicy: later,
  imagePullSecrets: list,
  serviceAccountName: later,
  automountServiceAccountToken: flag,
  command: list,
  workingDirectory: later,
  prompt: later,
  files: object,
  environment: object,
  volume,
  runDirectory: later,
  secretMountPath: later,
  tmpMountPath: later,
  user,
  readOnlyRootFilesystem: flag,
  bounds: object,
  ttlSecondsAfterFinished: later,
  resources: object,
  nodeSelector: object,
  tolerations: listOf(object),
  affinity: object,
  priorityClassName: later,
  runtimeClassName: later,
  dnsConfig: object,
  extraVolumes: listOf(object),
  extraVolumeMounts: listOf(object),
  labels: object,
  annotations: object,
  podTemplate: object,
  relaxSecurity: listOf(oneOf(...SECURITY_RELAXATIONS)),
  kueueQueue: later,
};
const REQUIRED: readonly (keyof AgentRunSpec)[] = [
  "identity",
  "naming",
  "command",
  "environment",
  "volume",
  "user",
  "bounds",
];

const shape = fields(SHAPE, REQUIRED);

/** The description's outline, so that what follows can rely on it. */
export function validateShape(spec: AgentRunSpec): void {
  // A retained Job's is null on purpose.
  const { ttlSecondsAfterFinished: _, ...rest } = spec;
  const scope = { spec, isAgent: false, volumes: new Set<string>() };
  shape(rest, "", scope);
}
