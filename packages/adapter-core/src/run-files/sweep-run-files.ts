import { lstat, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { JobRun } from "@paperclip-k8s/job-manifest";
import { readRecord } from "./read-record.ts";

/** Files of a run that has written nothing for this long are nobody's, in ms: a launch makes them before its Job. */
const UNTOUCHED_FOR_MS = 86_400_000;
/** A whole exit record says that nothing will be written any more; whoever still reads has this long, in ms. */
const ENDED_FOR_MS = 3_600_000;
/** `<runId>.pod.ndjson`, `<runId>.2.pod.stderr` and the like. */
const RUN_FILE = /^([A-Za-z0-9-]+(?:\.[0-9]+)?)\.pod\.[a-z.]+$/;

/**
 * Removes the files of runs whose host died and whose Job is gone (by its TTL, or by hand): nothing else would.
 * Looks only into the run directories of one instance, follows no link, and leaves what it does not know.
 *
 * @param options.known the runs whose Job still exists: their files stay, however old
 * @returns how many files were removed
 */
export async function sweepRunFiles(options: {
  volume: string;
  instance: string;
  known: readonly JobRun[];
  now: number;
}): Promise<number> {
  const { volume, instance, known, now } = options;
  const root = resolve(volume, "instances", instance, "run-logs");
  const kept = new Set(known.map((run) => resolve(volume, run.runDirectory, stemOf(run))));
  let removed = 0;
  for (const company of await foldersIn(root)) {
    for (const agent of await foldersIn(company)) removed += await sweepFolder(agent, kept, now);
  }
  return removed;
}

function stemOf({ identity: { runId, attempt } }: JobRun): string {
  return attempt > 1 ? `${runId}.${attempt}` : runId;
}

async function sweepFolder(folder: string, kept: ReadonlySet<string>, now: number): Promise<number> {
  const stems = Map.groupBy(await filesIn(folder), (file) => RUN_FILE.exec(file)?.[1]);
  let removed = 0;
  for (const [stem, files] of stems) {
    if (stem === undefined || kept.has(join(folder, stem))) continue;
    const touched = await Promise.all(files.map((file) => touchedAt(join(folder, file), now)));
    const untouchedFor = now - Math.max(...touched);
    if (untouchedFor < ENDED_FOR_MS) continue;
    if (untouchedFor < UNTOUCHED_FOR_MS && !(await readRecord(join(folder, `${stem}.pod.exit.json`))))
      continue;
    for (const file of files) await rm(join(folder, file), { force: true });
    removed += files.length;
  }
  return removed;
}

/** What cannot be looked at counts as touched just now. */
async function touchedAt(path: string, now: number): Promise<number> {
  return lstat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => now,
  );
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
