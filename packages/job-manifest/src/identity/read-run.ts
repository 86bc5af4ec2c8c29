import type { V1Job } from "@kubernetes/client-node";
import type { RunIdentity } from "../agent-run-spec.ts";
import { isRelativePath, isRunId } from "../run-files/path-syntax.ts";
import { COMPONENT, COMPONENT_LABEL } from "./labels.ts";

/** What a Job says about its run. */
export interface JobRun {
  readonly name: string;
  readonly namespace: string;
  /** Empty for a Job that the API server has not seen yet. */
  readonly uid: string;
  readonly identity: RunIdentity;
  readonly instanceId: string;
  /** Relative to the volume's root; never leads out of it. */
  readonly runDirectory: string;
  readonly promptSha256: string;
  /** Version of the protocol between host and pod, as it was written. */
  readonly protocol: string;
  /** Whether the Job is to be kept after its end. */
  readonly retained: boolean;
}

/**
 * The inverse of `runLabels` and `runAnnotations`: who a Job works for. The ids come from the
 * annotations, in full. Anything that does not say so completely, or whose ids would lead to a path
 * outside the run directory, is not ours.
 *
 * @returns null for a Job that is not an agent run of this label domain
 */
export function readRun(job: V1Job, labelDomain: string): JobRun | null {
  const labels = job.metadata?.labels ?? {};
  const annotations = job.metadata?.annotations ?? {};
  if (labels[COMPONENT_LABEL] !== COMPONENT) return null;
  const annotation = (name: string) => annotations[`${labelDomain}/${name}`];
  const identity = readIdentity(annotation, labels[`${labelDomain}/attempt`]);
  const instanceId = labels[`${labelDomain}/instance`];
  const runDirectory = annotation("run-directory");
  const promptSha256 = annotation("prompt-sha256");
  const protocol = annotation("protocol");
  if (!identity || !instanceId || !runDirectory || !promptSha256 || !protocol) return null;
  if (!isRelativePath(runDirectory)) return null;
  return {
    name: job.metadata?.name ?? "",
    namespace: job.metadata?.namespace ?? "",
    uid: job.metadata?.uid ?? "",
    identity,
    instanceId,
    runDirectory,
    promptSha256,
    protocol,
    retained: labels[`${labelDomain}/retained`] === "true",
  };
}

function readIdentity(
  annotation: (name: string) => string | undefined,
  attemptLabel: string | undefined,
): RunIdentity | null {
  const adapterType = annotation("adapter-type");
  const companyId = annotation("company-id");
  const agentId = annotation("agent-id");
  const runId = annotation("run-id");
  if (!adapterType || !companyId || !agentId || !runId) return null;
  if (![companyId, agentId, runId].every(isRunId)) return null;
  if (!attemptLabel || !/^[1-9][0-9]{0,2}$/.test(attemptLabel)) return null;
  return {
    adapterType,
    companyId,
    agentId,
    runId,
    taskId: annotation("task-id") || null,
    sessionId: annotation("session-id") || null,
    attempt: Number(attemptLabel),
  };
}
