import type { V1EnvVar } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { jobName } from "../identity/job-name.ts";
import { promptPlacement } from "../run-files/prompt-placement.ts";
import { runFiles } from "../run-files/run-directory.ts";
import { literal } from "./command.ts";
import { envKey, PROMPT_KEY } from "./secret-keys.ts";
import { sortedEntries } from "./sorted.ts";
import { DEFAULT_SECRET_MOUNT_PATH } from "./volumes.ts";

/**
 * The container's environment. Literal values are the script's own paths and numbers; every value of
 * the agent CLI comes from the Secret by reference, and a missing key fails the pod rather than the
 * agent.
 */
export function podEnvironment(spec: AgentRunSpec): V1EnvVar[] {
  const secretName = jobName(spec.naming, spec.identity);
  return [
    ...scriptValues(spec).map(([name, value]) => ({ name, value: literal(value) })),
    { name: "AGENT_RUN_POD_UID", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.uid" } } },
    ...sortedEntries(spec.environment).map(([name]) => ({
      name,
      valueFrom: { secretKeyRef: { name: secretName, key: envKey(name), optional: false } },
    })),
  ];
}

function scriptValues(spec: AgentRunSpec): [string, string][] {
  const { runId, attempt } = spec.identity;
  const directory = `${spec.volume.mountPath}/${spec.runDirectory}`;
  const files = runFiles({ directory, runId, attempt });
  const inSecret = `${spec.secretMountPath ?? DEFAULT_SECRET_MOUNT_PATH}/${PROMPT_KEY}`;
  const { leaseSec, graceSec } = spec.bounds;
  return [
    ["AGENT_RUN_STDOUT", files.stdout],
    ["AGENT_RUN_STDERR", files.stderr],
    ["AGENT_RUN_EXIT", files.exit],
    ["AGENT_RUN_STARTED", files.started],
    ["AGENT_RUN_PROMPT", promptPlacement(spec).kind === "secret" ? inSecret : files.prompt],
    ["AGENT_RUN_GRACE_SEC", String(graceSec)],
    ...(leaseSec
      ? ([
          ["AGENT_RUN_LEASE", files.lease],
          ["AGENT_RUN_LEASE_SEC", String(leaseSec)],
        ] as [string, string][])
      : []),
  ];
}
