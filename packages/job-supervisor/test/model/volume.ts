// The shared volume of a schedule: run files as hosts and pods see them, and the marks of the hosts.
import type { ExitRecord } from "@paperclip-k8s/job-manifest";
import type { HostPresence, RunFiles } from "../../src/index.ts";
import type { Dice } from "./random.ts";
import type { Sim } from "./sim.ts";

export interface RunFolder {
  present: boolean;
  started: boolean;
  record: ExitRecord | null;
  lines: number;
  touchedAt: number;
}

export interface Volume {
  folder(runId: string): RunFolder;
  all(): readonly (readonly [string, RunFolder])[];
  /** The port of one host; nothing happens through it once `isDead` says so. */
  filesFor(options: { runId: string; isDead: () => boolean; clock: Sim; dice: Dice }): RunFiles;
  /** What adapter-core's file sweep does, with shorter bounds. */
  sweep(known: ReadonlySet<string>, now: number): void;
  readonly hosts: Map<string, { alive: boolean; diedAt: number }>;
  presenceFor(options: { clock: Sim; onHostId: (hostId: string) => void }): HostPresence;
}

const LOOK_EVERY_MS = 200;
const MARK_FRESH_MS = 45_000;
const ENDED_FOR_MS = 1_200_000;
const UNTOUCHED_FOR_MS = 2_400_000;

export function createVolume(): Volume {
  const folders = new Map<string, RunFolder>();
  const hosts: Volume["hosts"] = new Map();
  const observers = new Map<string, Set<() => void>>();
  const folder = (runId: string): RunFolder => {
    const known = folders.get(runId);
    if (known) return known;
    const made: RunFolder = { present: false, started: false, record: null, lines: 0, touchedAt: 0 };
    // A host looks every 200 ms; here only what has changed is looked at, so that hours cost little.
    const tell = () => {
      for (const look of observers.get(runId) ?? []) look();
    };
    const told = new Proxy(made, {
      set: (target, key, value) => {
        (target as unknown as Record<PropertyKey, unknown>)[key] = value;
        if (key === "started" || key === "record") tell();
        return true;
      },
    });
    folders.set(runId, told);
    return told;
  };
  const seen = ({ present, started, record }: RunFolder) =>
    present ? { started, record } : { started: false, record: null };

  return {
    folder,
    all: () => [...folders].filter(([, { present }]) => present),
    filesFor: ({ runId, isDead, clock, dice }) => ({
      prepare: async () => {
        if (isDead()) return new Promise(() => {});
        const { now } = clock;
        Object.assign(folder(runId), {
          present: true,
          started: false,
          record: null,
          lines: 0,
          touchedAt: now(),
        });
      },
      look: async () => (isDead() ? new Promise(() => {}) : seen(folder(runId))),
      remove: async () => {
        if (isDead()) return new Promise(() => {});
        folder(runId).present = false;
      },
      observe: (listener, signal) => {
        const looks = observers.get(runId) ?? new Set();
        observers.set(runId, looks);
        const look = () =>
          clock.schedule(
            () => {
              if (!signal.aborted && !isDead()) listener(seen(folder(runId)));
            },
            dice.between(1, LOOK_EVERY_MS),
          );
        looks.add(look);
        signal.addEventListener("abort", () => looks.delete(look), { once: true });
        look();
      },
    }),
    sweep: (known, now) => {
      for (const [runId, files] of folders) {
        if (!files.present || known.has(runId)) continue;
        const bound = files.record ? ENDED_FOR_MS : UNTOUCHED_FOR_MS;
        if (now - files.touchedAt >= bound) files.present = false;
      }
    },
    hosts,
    presenceFor: ({ clock, onHostId }) => ({
      keep: (hostId, signal) => {
        onHostId(hostId);
        hosts.set(hostId, { alive: true, diedAt: 0 });
        signal.addEventListener("abort", () => hosts.delete(hostId), { once: true });
      },
      isAlive: async (hostId) => {
        const host = hosts.get(hostId);
        return host !== undefined && (host.alive || clock.now() - host.diedAt < MARK_FRESH_MS);
      },
    }),
  };
}
