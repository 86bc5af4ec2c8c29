import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { E2eError } from "../../e2e-error.ts";
import { type LiveProcess, processesOfFolder } from "../../processes/processes-of-folder.ts";
import { waitFor } from "../../wait-for.ts";

/** What to stop. */
export interface StopServerOptions {
  readonly child: ChildProcess;
  /** Its `PAPERCLIP_HOME`. */
  readonly home: string;
}

const STOP_BOUND_MS = 30_000;

/**
 * Stops a server and its Postgres, and waits until no process of its home is left.
 *
 * SIGTERM first; after 30 s SIGKILL. A Postgres that outlived its server (a crash) gets SIGINT, its fast shutdown.
 * Throws `E2eError` `server_not_stopped` naming what is still there after that.
 */
export async function stopServer(options: StopServerOptions): Promise<void> {
  const { child, home } = options;
  child.kill("SIGTERM");
  await waitFor(() => hasEnded(child), {
    what: "the server to end",
    withinMs: STOP_BOUND_MS,
    everyMs: 50,
  }).catch(() => child.kill("SIGKILL"));
  await stopOrphanedPostgres(home);
  let left: LiveProcess[] = [];
  const isQuiet = async () => {
    left = await processesOfFolder(home);
    return left.length === 0;
  };
  await waitFor(isQuiet, {
    what: "the server's processes to end",
    withinMs: STOP_BOUND_MS,
    everyMs: 100,
  }).catch((cause) => {
    const names = left.map(({ pid, commandLine }) => `${pid} ${commandLine}`).join("\n");
    throw new E2eError("server_not_stopped", `still there after the server was stopped:\n${names}`, {
      cause,
    });
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopOrphanedPostgres(home: string): Promise<void> {
  const data = join(home, "instances", "default", "db");
  const pid = Number((await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n")[0]);
  if (!(pid > 1)) return;
  // The file outlives its process, and pids are used again: only a process that names this very folder is ours.
  const owner = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (owner.includes(data)) process.kill(pid, "SIGINT");
}
