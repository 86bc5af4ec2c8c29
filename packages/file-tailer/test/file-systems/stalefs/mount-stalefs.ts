// Mounts a file system that lies, named by the environment variable STALEFS: a program that shows a folder through
// FUSE with the faults of network file systems. It needs root and /dev/fuse.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The program, or undefined where there is none. */
export const STALEFS: string | undefined = process.env["STALEFS"] || undefined;

/** For titles: why nothing runs. */
export const WHY_SKIPPED: string = STALEFS ? "" : " (skipped: STALEFS names no file system that lies)";

/** One folder, seen from two sides. */
export interface Mounted extends AsyncDisposable {
  /** Where a file is written. */
  writerPath(name: string): string;
  /** Where it is read. */
  readerPath(name: string): string;
}

const MOUNT_WITHIN_MS = 15_000;

/** Mounts with the program's flags; resolves once it is there. */
export async function mountStalefs(flags: readonly string[]): Promise<Mounted> {
  const folder = await mkdtemp(join(tmpdir(), "stalefs-"));
  const [backing, view] = [join(folder, "backing"), join(folder, "view")];
  await mkdir(backing);
  await mkdir(view);
  const child = spawn(STALEFS ?? "", [backing, view, "--foreground", ...flags], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => said.push(text));
  try {
    await mounted(child, view);
  } catch (cause) {
    await end(child, folder, view);
    throw new Error(`stalefs did not mount: ${said.join("")}`, { cause });
  }
  return {
    writerPath: (name) => join(backing, name),
    readerPath: (name) => join(view, name),
    [Symbol.asyncDispose]: () => end(child, folder, view),
  };
}

async function mounted(child: ChildProcess, view: string): Promise<void> {
  for (let waited = 0; waited < MOUNT_WITHIN_MS; waited += 50) {
    if ((await readFile("/proc/mounts", "utf8")).includes(` ${view} `)) return;
    if (child.exitCode !== null) throw new Error(`exit code ${child.exitCode}`);
    await sleep(50);
  }
  throw new Error(`not within ${MOUNT_WITHIN_MS} ms`);
}

async function end(child: ChildProcess, folder: string, view: string): Promise<void> {
  const gone = child.exitCode === null ? once(child, "exit") : Promise.resolve();
  await once(spawn("umount", ["--lazy", view], { stdio: "ignore" }), "exit");
  const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(timer);
  await rm(folder, { recursive: true, force: true });
}
