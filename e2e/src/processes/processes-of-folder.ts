import { readdir, readFile } from "node:fs/promises";

/** A live process, as `/proc` tells of it. */
export interface LiveProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/**
 * The live processes that belong to a folder: their command line or their environment names it.
 *
 * Linux only. A process that ends meanwhile, or that may not be read, is left out; so is the caller.
 */
export async function processesOfFolder(folder: string): Promise<LiveProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: LiveProcess[] = [];
  for (const pid of pids) {
    if (pid === process.pid) continue;
    const [commandLine, environment] = await Promise.all([
      procFile(pid, "cmdline"),
      procFile(pid, "environ"),
    ]);
    // A zombie has neither; it holds nothing and is its parent's to reap.
    if (commandLine.includes(folder) || environment.includes(folder)) found.push({ pid, commandLine });
  }
  return found;
}

async function procFile(pid: number, name: string): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/${name}`, "utf8")).replaceAll("\0", " ");
  } catch {
    return "";
  }
}
