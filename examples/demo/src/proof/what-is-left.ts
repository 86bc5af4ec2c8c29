import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";

/** Names of what a run has left, asked from the API and the disk. */
export interface Leftovers {
  readonly jobs: readonly string[];
  readonly pods: readonly string[];
  readonly secrets: readonly string[];
  /** Files of the run protocol on the shared volume. */
  readonly files: readonly string[];
}

/** Where to look. */
export interface ProofPlace {
  readonly kubeConfig: KubeConfig;
  readonly namespace: string;
  /** Whose objects count; all where it is undefined. */
  readonly labelSelector: string | undefined;
  /** The pod that stays: the host's own. */
  readonly hostPod: string | null;
  /** A folder on the shared volume, as this machine sees it. */
  readonly runFolder: string;
  /** The garbage collector takes pods and Secrets after their Job: whatever is there after this many ms is left. */
  readonly settledWithinMs: number;
}

const EVERY_MS = 100;

/** Looks until nothing is left or the time is up, and tells what is. */
export async function whatIsLeft(place: ProofPlace): Promise<Leftovers> {
  const until = performance.now() + place.settledWithinMs;
  for (;;) {
    const left = await look(place);
    if (Object.values(left).every((names) => names.length === 0) || performance.now() > until) return left;
    await sleep(EVERY_MS);
  }
}

async function look({
  kubeConfig,
  namespace,
  labelSelector,
  hostPod,
  runFolder,
}: ProofPlace): Promise<Leftovers> {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const query = { namespace, ...(labelSelector !== undefined && { labelSelector }) };
  const [jobs, pods, secrets, files] = await Promise.all([
    kubeConfig.makeApiClient(BatchV1Api).listNamespacedJob(query),
    core.listNamespacedPod(query),
    core.listNamespacedSecret(query),
    filesBelow(runFolder),
  ]);
  return {
    jobs: namesOf(jobs),
    pods: namesOf(pods).filter((name) => name !== hostPod),
    secrets: namesOf(secrets),
    files: files.filter((file) => file.includes(".pod.")),
  };
}

function namesOf({ items }: { readonly items: readonly { metadata?: { name?: string } }[] }): string[] {
  return items.map(({ metadata }) => metadata?.name ?? "");
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (error) {
    // A run that was cancelled early has made no folder.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
