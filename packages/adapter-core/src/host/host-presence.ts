import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Clock, type HostPresence, sleep } from "@paperclip-k8s/job-supervisor";
import { type PlainFile, readPlainFile } from "../run-files/read-plain-file.ts";
import { type FileOwner, makeFolder } from "../run-files/run-folder.ts";

/** One small write to the volume for each process, however many runs it has. In ms. */
const RENEW_EVERY_MS = 5000;
/** A host whose mark is older than this, by the volume's own clock, is gone. In ms. */
const FRESH_FOR_MS = 45_000;
/** Marks of hosts that never said goodbye. In ms. */
const FORGET_AFTER_MS = 86_400_000;
/** Whatever is longer is no mark. */
const MAX_MARK_BYTES = 4096;

/** The hosts that live in this process, whichever version of the core they belong to. */
const HERE = Symbol.for("@paperclip-k8s/live-hosts");

/**
 * Tells by a file for each host, on the volume that they share, which of them are alive. Agents cannot reach
 * the folder unless they run as the host's own user.
 */
export function hostPresence(options: {
  volume: string;
  instance: string;
  owner: FileOwner;
  clock: Clock;
}): HostPresence {
  const { volume, instance, owner, clock } = options;
  const parent = resolve(volume, "instances", instance);
  const folder = join(parent, "hosts");
  const markOf = (hostId: string) => join(folder, hostId);
  let own: string | null = null;

  async function renew(hostId: string): Promise<void> {
    const text = JSON.stringify({ machine: await thisMachine(), pid: process.pid });
    await replaceFile(markOf(hostId), text);
  }

  async function begin(hostId: string): Promise<void> {
    await makeFolder({ volume, folder: parent, owner });
    await mkdir(folder, { mode: 0o700 }).catch(() => {});
    await renew(hostId);
    await forgetTheDead(folder, await mtimeOf(markOf(hostId)));
  }

  async function keepOn(hostId: string, signal: AbortSignal): Promise<void> {
    // A volume that is away for a moment is written to the next time.
    await begin(hostId).catch(() => {});
    while (!signal.aborted) {
      // The next one only after the last: on a volume that hangs each would keep one more of libuv's threads.
      await sleep({ clock, ms: RENEW_EVERY_MS, signal });
      if (!signal.aborted) await renew(hostId).catch(() => {});
    }
    await rm(markOf(hostId), { force: true }).catch(() => {});
  }

  return {
    keep: (hostId, signal) => {
      own = hostId;
      hereOf().add(hostId);
      signal.addEventListener("abort", () => hereOf().delete(hostId));
      void keepOn(hostId, signal);
    },
    isAlive: async (hostId) => {
      if (hereOf().has(hostId)) return true;
      const mark = await readMark(markOf(hostId));
      if (mark === null) return false;
      // Two times of one file server can be compared; its clock and this machine's cannot.
      if (own !== null) await renew(own);
      const now = own === null ? clock.now() : await mtimeOf(markOf(own));
      if (now - mark.mtimeMs > FRESH_FOR_MS) return false;
      return !(await hasEndedHere(mark.text));
    },
  };
}

function hereOf(): Set<string> {
  const shared = globalThis as { [HERE]?: Set<string> };
  shared[HERE] ??= new Set();
  return shared[HERE];
}

/** Always a new file under the name: what is there may be a link or a FIFO that an agent has put there. */
async function replaceFile(path: string, text: string): Promise<void> {
  const made = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(made, text, { flag: "wx" });
    await rename(made, path);
  } catch (error) {
    await rm(made, { force: true }).catch(() => {});
    throw error;
  }
}

/** Null where there is none. What is no plain file says nothing, and counts by its age. */
async function readMark(path: string): Promise<PlainFile | null> {
  try {
    return (await readPlainFile(path, MAX_MARK_BYTES)) ?? { text: "", mtimeMs: await mtimeOf(path) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function mtimeOf(path: string): Promise<number> {
  return (await lstat(path)).mtimeMs;
}

/** A process of this very machine need not be waited for: it is there, or it is not. */
async function hasEndedHere(text: string): Promise<boolean> {
  const { machine, pid } = parseMark(text);
  if (machine === null || pid === null || machine !== (await thisMachine())) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function parseMark(text: string): { readonly machine: string | null; readonly pid: number | null } {
  try {
    const { machine, pid } = JSON.parse(text) as { machine?: unknown; pid?: unknown };
    return {
      machine: typeof machine === "string" ? machine : null,
      pid: typeof pid === "number" ? pid : null,
    };
  } catch {
    return { machine: null, pid: null };
  }
}

/** Names the boot and the space of process ids; null where the system does not tell. */
async function thisMachine(): Promise<string | null> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}

async function forgetTheDead(folder: string, now: number): Promise<void> {
  // A link here would have the old files of another folder removed.
  if (!(await lstat(folder)).isDirectory()) return;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const age = now - (await mtimeOf(path).catch(() => now));
    if (age > FORGET_AFTER_MS) await rm(path, { force: true });
  }
}
