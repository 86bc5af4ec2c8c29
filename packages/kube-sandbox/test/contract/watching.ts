import type { ContractCluster, WatchLine } from "./cluster.ts";
import { paths } from "./manifests.ts";

// biome-ignore lint/suspicious/noExplicitAny: what a contract reads is any JSON
export type Json = any;

/** The last object that a watch has told of. */
export const last = (lines: readonly WatchLine[]) => lines[lines.length - 1]?.object as Json;

export const types = (job: { status: { conditions?: { type: string; status: string }[] } }): string[] =>
  (job.status.conditions ?? []).map((one) => `${one.type}=${one.status}`);

export const isFinished = (lines: readonly WatchLine[]): boolean =>
  types(last(lines) ?? { status: {} }).some((one) => one === "Complete=True" || one === "Failed=True");

export function watchJob(
  cluster: ContractCluster,
  name: string,
  enough: (lines: readonly WatchLine[]) => boolean,
) {
  return cluster.watch(
    `${paths(cluster).jobs}?watch=1&resourceVersion=0&fieldSelector=metadata.name%3D${name}`,
    enough,
  );
}

export function watchPods(
  cluster: ContractCluster,
  job: string,
  enough: (lines: readonly WatchLine[]) => boolean,
) {
  return cluster.watch(
    `${paths(cluster).pods}?watch=1&resourceVersion=0&labelSelector=job-name%3D${job}`,
    enough,
  );
}

export const isRunning = (lines: readonly WatchLine[]): boolean => last(lines)?.status.phase === "Running";
export const isGone = (lines: readonly WatchLine[]): boolean => lines[lines.length - 1]?.type === "DELETED";

/** Each state of a list of states once, in order. */
export function distinct<T>(states: readonly T[]): T[] {
  return states.filter(
    (state, index) => index === 0 || JSON.stringify(state) !== JSON.stringify(states[index - 1]),
  );
}
