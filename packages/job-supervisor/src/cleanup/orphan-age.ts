import type { V1Job } from "@kubernetes/client-node";

/** A live Job that nobody follows is ended at this age where it says no other, in ms. */
const DAY_MS = 86_400_000;

/**
 * How long a Job may live without a host, as an annotation of its own, `<domain>/orphan-max-age-sec`: whoever finds
 * it later may work for agents that are given another time.
 */
export function orphanAgeAnnotation(labelDomain: string, ms: number = DAY_MS): Record<string, string> {
  return { [nameOf(labelDomain)]: String(ms / 1000) };
}

/** What the Job says of it, in ms; 24 hours where it says nothing that can be read. */
export function orphanMaxAgeMs(job: V1Job, labelDomain: string): number {
  const seconds = Number(job.metadata?.annotations?.[nameOf(labelDomain)]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : DAY_MS;
}

function nameOf(labelDomain: string): string {
  return `${labelDomain}/orphan-max-age-sec`;
}
