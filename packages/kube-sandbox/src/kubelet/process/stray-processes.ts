// Processes that left their container's group (`setsid`, a detached child) are found by a variable that
// they inherit: a container ends with everything in it, whatever group it is in.
import { readdir, readFile } from "node:fs/promises";

/** The variable that marks every process of a container. */
export const containerMark = "KUBE_SANDBOX_CONTAINER";

/** Ends what is left of a container, and resolves when nothing is. */
export type EndStrays = (mark: string) => Promise<void>;

/** A stray may fork while it is being ended; who forks faster than this is given up on. */
const maxPasses = 10;

async function markOf(pid: string): Promise<string | undefined> {
  const environ = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
  const found = environ.split("\0").find((one) => one.startsWith(`${containerMark}=`));
  return found?.slice(containerMark.length + 1);
}

/** Whether a process still does something: a zombie that nobody has waited for yet does not. */
async function isAlive(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  return stat !== "" && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

async function endMarked(marks: ReadonlySet<string>): Promise<number> {
  const entries = await readdir("/proc").catch((): string[] => []);
  let found = 0;
  for (const pid of entries.filter((name) => /^\d+$/.test(name))) {
    const mark = await markOf(pid);
    if (mark === undefined || !marks.has(mark) || !(await isAlive(pid))) continue;
    found += 1;
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It ended by itself in between.
    }
  }
  return found;
}

/** One scan serves every container that ended before it began. Does nothing where there is no /proc. */
export function createEndStrays(): EndStrays {
  let waiting: { readonly mark: string; readonly done: () => void }[] = [];
  let scanning = false;
  const scan = async (): Promise<void> => {
    while (waiting.length > 0) {
      const served = waiting;
      waiting = [];
      const marks = new Set(served.map((one) => one.mark));
      for (let pass = 0; pass < maxPasses && (await endMarked(marks)) > 0; pass += 1);
      for (const { done } of served) done();
    }
    scanning = false;
  };
  return (mark) =>
    new Promise((done) => {
      waiting.push({ mark, done });
      if (scanning) return;
      scanning = true;
      void scan();
    });
}
