import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { deleted } from "../cluster/clients.ts";
import type { TestNamespace } from "../namespace/open-namespace.ts";
import { waitFor } from "../wait-for.ts";

/** What a run has left behind, asked from the API and the disk. */
export interface Leftovers {
  readonly jobs: readonly string[];
  readonly pods: readonly string[];
  readonly secrets: readonly string[];
  readonly files: readonly string[];
}

/** Pods end through their grace period and the collector takes a moment: whatever is there after this is a leak. */
const SETTLED_WITHIN_MS = 60_000;

/** What is left once everything that is on its way out has gone; empty lists where nothing is. */
export async function whatIsLeft(namespace: TestNamespace): Promise<Leftovers> {
  let left = await look(namespace);
  const isEmpty = async () => {
    left = await look(namespace);
    return Object.values(left).every((list) => list.length === 0);
  };
  await waitFor(isEmpty, { what: "nothing to be left", withinMs: SETTLED_WITHIN_MS, everyMs: 250 }).catch(
    () => {},
  );
  return left;
}

/** Takes away what a test that failed has left: the next one, or its second try, must not fail by it. */
export async function takeAway(
  { clients, name, volumeFolder }: TestNamespace,
  left: Leftovers,
): Promise<void> {
  const propagationPolicy = "Background";
  await Promise.all([
    ...left.jobs.map((job) =>
      deleted(clients.batch.deleteNamespacedJob({ namespace: name, name: job, propagationPolicy })),
    ),
    ...left.secrets.map((secret) =>
      deleted(clients.core.deleteNamespacedSecret({ namespace: name, name: secret })),
    ),
    ...left.files.map((file) => rm(join(volumeFolder, file), { force: true })),
  ]);
}

async function look({ clients, name, volumeFolder }: TestNamespace): Promise<Leftovers> {
  const namespace = { namespace: name };
  const [jobs, pods, secrets, files] = await Promise.all([
    clients.batch.listNamespacedJob(namespace),
    clients.core.listNamespacedPod(namespace),
    clients.core.listNamespacedSecret(namespace),
    readdir(volumeFolder, { recursive: true }),
  ]);
  const names = ({ items }: { items: readonly { metadata?: { name?: string } }[] }) =>
    items.map(({ metadata }) => metadata?.name ?? "");
  return {
    jobs: names(jobs),
    pods: names(pods),
    // The host's own token is part of the namespace, not of a run.
    secrets: names({ items: secrets.items.filter(({ type }) => type === "Opaque") }),
    files: files.filter((file) => file.includes(".pod.")),
  };
}

/** A run that has left nothing. */
export const NOTHING: Leftovers = { jobs: [], pods: [], secrets: [], files: [] };
