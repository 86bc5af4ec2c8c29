import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Timers } from "../../timers.ts";
import type { ContainerLog } from "../container-log.ts";
import type { EndStrays } from "./stray-processes.ts";

/** What is to run, all expanded. */
export interface ProcessSpec {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What marks the container's processes; in `env` too. */
  readonly mark: string;
  /** Only where the sandbox may choose: as root. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** One container's main process and everything in its group. */
export interface ContainerProcess {
  readonly pid: number;
  /** Resolves with the exit code (128 + n for signal n) once the whole group is dead and its output read. */
  readonly ended: Promise<number>;
  /** SIGTERM to the main process only, as a container runtime sends it to PID 1. */
  terminate(): void;
  /** SIGKILL to the whole group. */
  kill(): void;
}

/** Output that is still in the pipes is read for at most this long: a stray process may hold them open. */
const drainMs = 500;

function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in the group.
  }
}

/** Starts a process as the leader of its own group; rejects if it cannot be started. */
export async function startContainerProcess(
  spec: ProcessSpec,
  log: ContainerLog,
  timers: Timers,
  endStrays: EndStrays,
): Promise<ContainerProcess> {
  const [program, ...args] = spec.command;
  const child: ChildProcess = spawn(program, args, {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const pid = child.pid!;
  child.stdout?.on("data", (chunk: Buffer) => log.append(chunk, "stdout"));
  child.stderr?.on("data", (chunk: Buffer) => log.append(chunk, "stderr"));
  let exited = false;

  const ended = new Promise<number>((resolve) => {
    child.once("exit", (code, signal) => {
      exited = true;
      // What the main process leaves behind ends with it, as in a container.
      killGroup(pid);
      const strays = endStrays(spec.mark);
      const finish = (): void => {
        cancel();
        log.close();
        void strays.then(() => resolve(exitCode(code, signal)));
      };
      const cancel = timers.after(drainMs, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
      child.once("close", finish);
    });
  });

  return {
    pid,
    ended,
    terminate() {
      if (!exited) child.kill("SIGTERM");
    },
    kill() {
      if (!exited) killGroup(pid);
    },
  };
}
