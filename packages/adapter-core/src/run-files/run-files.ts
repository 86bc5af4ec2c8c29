import { open, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { emptyExitRecord, runFiles } from "@paperclip-k8s/job-manifest";
import type { Clock, RunFiles, RunFilesOf } from "@paperclip-k8s/job-supervisor";
import { placeBundle } from "../skills/place-bundle.ts";
import type { SkillBundle } from "../skills/skill-bundle.ts";
import { type LeaseKeeper, leaseText } from "./lease-keeper.ts";
import { lookAtFiles, type RecordObserver } from "./record-observer.ts";
import { type FileOwner, makeWritableFolder } from "./run-folder.ts";

const FILE_MODE = 0o660;
/** A prompt that is too large for the Secret: nobody but the pod's user reads it. */
const PROMPT_MODE = 0o600;

/** What the host puts onto the volume before the pod exists, beside the run's own files. */
export interface Preparation {
  /** More folders that the run needs: its working directory, its home. As the host sees them. */
  readonly folders: readonly string[];
  /** The run's skills; null where there are none. */
  readonly skills: SkillBundle | null;
  /** The prompt, where it is too large for the Secret; else null. */
  readonly prompt: string | null;
  /** Whether the pod is to end its agent when the host does not renew its lease. */
  readonly lease: boolean;
}

/** The paths of an attempt's files, as the host sees them. */
export function runPaths(
  volume: string,
  { runDirectory, identity }: RunFilesOf,
): ReturnType<typeof runFiles> {
  return runFiles({
    directory: resolve(volume, runDirectory),
    runId: identity.runId,
    attempt: identity.attempt,
  });
}

/**
 * The run files on the host's side of the volume. All but the pod's mark exist before the pod does: NFS
 * remembers for up to a minute that a file was not there.
 */
export function hostRunFiles(options: {
  volume: string;
  run: RunFilesOf;
  owner: FileOwner;
  observer: RecordObserver;
  leases: LeaseKeeper;
  clock: Clock;
  preparation: Preparation;
}): RunFiles {
  const { volume, run, owner, observer, leases, clock, preparation } = options;
  const directory = resolve(volume, run.runDirectory);
  const paths = runPaths(volume, run);

  /** Always a new file: what is there may be a link that an agent has put there, and would be followed. */
  async function writeNew(path: string, text: string, mode: number): Promise<void> {
    await rm(path, { force: true });
    await using file = await open(path, "wx", mode);
    await file.writeFile(text);
    await file.chmod(mode);
    if (owner.give) await file.chown(owner.uid, owner.gid);
  }

  return {
    prepare: async () => {
      for (const folder of [directory, ...preparation.folders])
        await makeWritableFolder({ volume, folder, owner });
      const { skills: bundle } = preparation;
      if (bundle) await placeBundle({ volume, bundle, owner, now: clock.now() });
      // A mark from a former launch of this attempt would make the pod refuse the run.
      await rm(paths.started, { force: true });
      await writeNew(paths.stdout, "", FILE_MODE);
      await writeNew(paths.stderr, "", FILE_MODE);
      await writeNew(paths.exit, emptyExitRecord(), FILE_MODE);
      if (preparation.lease) await writeNew(paths.lease, leaseText(0), FILE_MODE);
      if (preparation.prompt !== null) await writeNew(paths.prompt, preparation.prompt, PROMPT_MODE);
    },
    look: () => lookAtFiles(paths),
    observe: (listener, signal) => {
      observer.observe({ exit: paths.exit, started: paths.started }, listener, signal);
      leases.keep(paths.lease, signal);
    },
    remove: async () => {
      await Promise.all(Object.values(paths).map((path) => rm(path, { force: true })));
    },
  };
}
