import type { V1Job } from "@kubernetes/client-node";
import { refuse } from "../error.ts";

/** The largest Job, as JSON. The API server's store takes 1.5 MiB, which its own book-keeping shares. */
export const JOB_MAX_BYTES = 1024 * 1024;

/** The whole Job: what fits part by part may be too much together. */
export function validateSize(job: V1Job): void {
  const bytes = Buffer.byteLength(JSON.stringify(job));
  if (bytes <= JOB_MAX_BYTES) return;
  const { annotations } = job.metadata ?? {};
  const container = job.spec?.template.spec?.containers[0];
  const sizes = { annotations, command: container?.command, environment: container?.env };
  const told = Object.entries(sizes)
    .map(([name, part]) => `${name} ${Buffer.byteLength(JSON.stringify(part ?? ""))}`)
    .join(", ");
  refuse(
    "job_too_large",
    "command",
    `the Job is ${bytes} bytes, and at most ${JOB_MAX_BYTES} fit into the API server (${told}): hand long arguments over as files, and use fewer variables and annotations`,
  );
}
