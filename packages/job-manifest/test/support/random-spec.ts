// Random descriptions of a run that `buildJob` must take, and the API server after it.
import fc from "fast-check";
import type { AgentRunSpec } from "../../src/index.ts";
import { isWithin } from "../../src/run-files/path-syntax.ts";
import {
  affinity,
  annotations,
  dnsConfig,
  dnsLabel,
  fileName,
  image,
  labels,
  labelValue,
  nastyText,
  objectName,
  path,
  resources,
  runId,
  toleration,
  variableName,
  volumeSource,
} from "./random-parts.ts";
import { validTemplate } from "./random-template.ts";

/** What begins every secret text of {@link validSpec}: it must be in no Job. */
export const SECRET_MARK = "sEcReT";

const secret = nastyText.map((text) => `${SECRET_MARK}${text}`);
const seconds = fc.integer({ min: 0, max: 100_000 });
const optionalId = fc.option(nastyText, { nil: null });

const identity = fc.record({
  adapterType: nastyText.map((text) => `t${text}`),
  companyId: runId,
  agentId: runId,
  runId,
  taskId: optionalId,
  sessionId: optionalId,
  attempt: fc.integer({ min: 1, max: 999 }),
});

const naming = fc.record({
  jobPrefix: fc.constantFrom("ac-", "oc-", "x-", "a-long-prefix-123-"),
  labelDomain: objectName.map((name) => `${name}.own.example`),
  managedBy: labelValue.filter((value) => value !== ""),
  instanceId: labelValue.filter((value) => value !== ""),
});

const required = fc.record({
  identity,
  naming,
  image,
  command: fc.array(nastyText, { maxLength: 5 }).map((rest): [string, ...string[]] => ["agent-cli", ...rest]),
  workingDirectory: path.map((folder) => `/${folder}`),
  prompt: secret,
  environment: fc.dictionary(variableName, secret, { maxKeys: 5 }),
  claimName: objectName,
  mountPath: path.map((folder) => `/vol/${folder}`),
  runDirectory: path,
  subPaths: fc.option(fc.uniqueArray(path, { maxLength: 3 })),
  user: fc.record({ uid: fc.integer({ min: 1, max: 70_000 }), gid: fc.integer({ min: 1, max: 70_000 }) }),
  bounds: fc.record({
    schedulingSec: seconds,
    imagePullSec: seconds,
    startSec: seconds,
    timeoutSec: seconds,
    graceSec: seconds,
    leaseSec: fc.constantFrom(0, 60, 600),
  }),
  ttlSecondsAfterFinished: fc.option(seconds, { nil: null }),
});

const optional = fc.record(
  {
    imagePullPolicy: fc.constantFrom("Always", "IfNotPresent", "Never"),
    imagePullSecrets: fc.array(objectName, { maxLength: 2 }),
    serviceAccountName: objectName,
    automountServiceAccountToken: fc.boolean(),
    files: fc.dictionary(fileName, secret, { maxKeys: 3 }),
    secretMountPath: fc.constantFrom("/run/paperclip", "/etc/of $(run)"),
    tmpMountPath: fc.constantFrom("/tmp", "/var/tmp"),
    readOnlyRootFilesystem: fc.boolean(),
    resources,
    nodeSelector: labels,
    tolerations: fc.array(toleration, { maxLength: 2 }),
    affinity,
    priorityClassName: objectName,
    runtimeClassName: objectName,
    dnsConfig,
    labels,
    annotations,
    kueueQueue: dnsLabel,
  },
  { requiredKeys: [] },
);

/**
 * A random valid description, in every field that there is.
 *
 * @param options.namespace default "agents"
 */
export function validSpec(options: { readonly namespace?: string } = {}): fc.Arbitrary<AgentRunSpec> {
  const { namespace = "agents" } = options;
  return fc
    .tuple(required, optional, fc.option(volumeSource), fc.boolean())
    .chain(([{ claimName, mountPath, subPaths, ...base }, more, source, hasTemplate]) => {
      const isSeen = [...(subPaths ?? []), base.runDirectory];
      const spec: AgentRunSpec = {
        ...base,
        ...more,
        namespace,
        volume: {
          claimName,
          mountPath,
          ...(subPaths && {
            subPaths: [...new Set(isSeen)],
            readOnlySubPaths: subPaths.filter((path) => !isWithin(base.runDirectory, path)).slice(1),
          }),
        },
        ...(source && {
          extraVolumes: [{ name: "user-volume", ...source }],
          extraVolumeMounts: [{ name: "user-volume", mountPath: "/user/volume" }],
        }),
      };
      if (!hasTemplate) return fc.constant(spec);
      const { limits: _, ...resourcesLeft } = more.resources ?? {};
      return validTemplate(Object.keys(base.environment)).map((podTemplate) => ({
        ...spec,
        ...(more.resources && { resources: resourcesLeft }),
        ...(podTemplate.spec?.dnsConfig && { dnsConfig: {} }),
        podTemplate,
      }));
    });
}
