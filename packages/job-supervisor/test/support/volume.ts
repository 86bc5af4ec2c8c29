import type { ExitRecord } from "@paperclip-k8s/job-manifest";
import type { RunFiles } from "../../src/index.ts";

type Seen = Parameters<Parameters<RunFiles["observe"]>[0]>[0];

/** The files of one attempt on a volume in memory, with the pod's side. */
export interface VolumeFiles extends RunFiles {
  /** How often they were emptied, and whether they are there. */
  prepared: number;
  present: boolean;
  /** How often they were removed. */
  removed: number;
  /** Makes `prepare` fail with this. */
  fails: Error | null;
  mark(): void;
  write(record: ExitRecord): void;
}

/** A volume that several hosts see. Like a real observer, it tells what it sees a moment later. */
export function volume(): { of(runId: string, attempt?: number): VolumeFiles } {
  const all = new Map<string, VolumeFiles>();
  return {
    of: (runId, attempt = 1) => {
      const key = `${runId}.${attempt}`;
      const known = all.get(key);
      if (known) return known;
      const made = filesInMemory();
      all.set(key, made);
      return made;
    },
  };
}

function filesInMemory(): VolumeFiles {
  let seen: Seen = { started: false, record: null };
  const listeners = new Set<(seen: Seen) => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener(seen);
  };
  const files: VolumeFiles = {
    prepared: 0,
    present: false,
    removed: 0,
    fails: null,
    prepare: async () => {
      if (files.fails) throw files.fails;
      files.prepared += 1;
      files.present = true;
      seen = { started: false, record: null };
    },
    look: async () => (files.present ? seen : { started: false, record: null }),
    observe: (listener, signal) => {
      listeners.add(listener);
      signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
      if (seen.started || seen.record) setImmediate(() => listeners.has(listener) && listener(seen));
    },
    remove: async () => {
      files.present = false;
      files.removed += 1;
    },
    mark: () => {
      seen = { ...seen, started: true };
      tell();
    },
    write: (record) => {
      seen = { started: true, record };
      tell();
    },
  };
  return files;
}
