import type { V1Job } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { jobName } from "./job-name.ts";
import { runAnnotations, runLabels } from "./labels.ts";

type ComparedSpec = Pick<
  AgentRunSpec,
  "identity" | "naming" | "namespace" | "runDirectory" | "prompt" | "ttlSecondsAfterFinished"
>;

/**
 * Whether an existing Job, met as a 409, is exactly the one that `spec` would have made: name,
 * namespace and every label and annotation of ours say so. Labels that others added do not matter.
 */
export function sameRun(job: V1Job, spec: ComparedSpec): boolean {
  const { metadata } = job;
  return (
    metadata?.name === jobName(spec.naming, spec.identity) &&
    metadata.namespace === spec.namespace &&
    contains(metadata.labels, runLabels(spec)) &&
    contains(metadata.annotations, runAnnotations(spec))
  );
}

function contains(
  all: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
) {
  return Object.entries(wanted).every(([key, value]) => all?.[key] === value);
}
