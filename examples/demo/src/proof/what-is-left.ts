import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiException, BatchV1Api, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";

/** Names of what a run has left, asked from the API and the disk; null for what this user may not list. */
export interface Leftovers {
  readonly jobs: readonly string[] | null;
  readonly pods: readonly string[] | null;
  readonly secrets: readonly string[] | null;
  /** Files of the run protocol on the shared volume. */
  readonly files: readonly string[];
}

/** Whether nothing of what could be asked for is left. */
export function isClean(left: Leftovers): boolean {
  return Object.values(left).every((names) => names === null || names.length === 0);
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
    if (isClean(left) || performance.now() > until) return left;
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
    namesOf(kubeConfig.makeApiClient(BatchV1Api).listNamespacedJob(query)),
    namesOf(core.listNamespacedPod(query)),
    namesOf(core.listNamespacedSecret(query)),
    filesBelow(runFolder),
  ]);
  const ours = pods?.filter((name) => name !== hostPod) ?? null;
  return { jobs, pods: ours, secrets, files: files.filter((file) => file.includes(".pod.")) };
}

type ObjectList = { readonly items: readonly { readonly metadata?: { readonly name?: string } }[] };

async function namesOf(list: Promise<ObjectList>): Promise<string[] | null> {
  try {
    return (await list).items.map(({ metadata }) => metadata?.name ?? "");
  } catch (error) {
    // The adapter itself may create and delete Secrets, not list them; its user's kubeconfig may be the current one.
    if (error instanceof ApiException && error.code === 403) return null;
    throw error;
  }
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
