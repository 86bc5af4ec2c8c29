import type { AgentRunSpec } from "./agent-run-spec.ts";

/** Kueue's label on a Job that waits to be admitted. */
export const KUEUE_QUEUE_LABEL = "kueue.x-k8s.io/queue-name";

/** A JSON merge patch for the Job. */
export type ResumePatch =
  | { readonly spec: { readonly suspend: false } }
  | { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };

/**
 * The merge patch that lets a suspended Job go: unsuspended, or handed to Kueue, which unsuspends it
 * when the queue admits it. Kueue gets the Job only here, so that it never starts one whose Secret is
 * not there yet or whose host has not passed the guard.
 */
export function resumePatch(spec: Pick<AgentRunSpec, "kueueQueue">): ResumePatch {
  return spec.kueueQueue
    ? { metadata: { labels: { [KUEUE_QUEUE_LABEL]: spec.kueueQueue } } }
    : { spec: { suspend: false } };
}
