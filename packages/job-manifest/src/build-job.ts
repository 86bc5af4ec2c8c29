import type { V1Job } from "@kubernetes/client-node";
import type { AgentRunSpec, RunBounds } from "./agent-run-spec.ts";
import { jobName } from "./identity/job-name.ts";
import { runAnnotations, runLabels } from "./identity/labels.ts";
import { podSpec } from "./pod/pod-spec.ts";
import { omitUndefined, sortedRecord } from "./pod/sorted.ts";
import { applyPodTemplate } from "./pod-template/apply-pod-template.ts";
import { validateSize } from "./validate/size.ts";
import { validateRunSpec } from "./validate/validate-run-spec.ts";

/** Seconds on top of all bounds before the Job's own deadline strikes: the host must always be first. */
export const DEADLINE_MARGIN_SEC = 300;

/**
 * The Job of an agent run. Always suspended: the Secret, which needs the Job's UID, and the host's
 * guard come before the pod. The same description gives the same Job, byte for byte.
 *
 * @throws JobManifestError that names the field, what is wrong with it and what to do
 */
export function buildJob(spec: AgentRunSpec): V1Job {
  validateRunSpec(spec);
  // Ours last: they win even if validation had a gap.
  const labels = sortedRecord({ ...spec.labels, ...runLabels(spec) });
  const template = {
    metadata: omitUndefined({
      labels: { ...labels },
      annotations: spec.annotations && sortedRecord(spec.annotations),
    }),
    spec: podSpec(spec),
  };
  const job: V1Job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: jobName(spec.naming, spec.identity),
      namespace: spec.namespace,
      labels,
      annotations: sortedRecord({ ...spec.annotations, ...runAnnotations(spec) }),
    },
    spec: omitUndefined({
      suspend: true,
      parallelism: 1,
      completions: 1,
      backoffLimit: 0,
      // A terminating pod may still write: no second one beside it.
      podReplacementPolicy: "Failed",
      activeDeadlineSeconds: activeDeadline(spec.bounds),
      ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished ?? undefined,
      template: applyPodTemplate(template, spec),
    }),
  };
  validateSize(job);
  return job;
}

/** Only a net: it counts scheduling and pulling as well, and starts again after a suspension. */
function activeDeadline(bounds: RunBounds): number | undefined {
  if (bounds.timeoutSec === 0) return undefined;
  const { timeoutSec, schedulingSec, imagePullSec, startSec, graceSec } = bounds;
  return timeoutSec + schedulingSec + imagePullSec + startSec + graceSec + DEADLINE_MARGIN_SEC;
}
