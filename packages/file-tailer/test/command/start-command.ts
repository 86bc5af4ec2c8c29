// The real command in a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../src/command.ts", import.meta.url));

/** A folder with the path of a file to follow. */
export interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly log: string;
  readonly checkpoint: string;
}

/** Makes a folder that goes with the test. */
export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "file-tailer-command-"));
  return {
    folder,
    log: join(folder, "run.log"),
    checkpoint: join(folder, "checkpoint"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** The command while it runs. */
export interface Running {
  readonly child: ChildProcess;
  out(): Buffer;
  err(): string;
  /** Resolves once so many bytes were printed. */
  printed(bytes: number): Promise<void>;
  /** Resolves to its status, or to the signal that ended it. */
  ended(): Promise<number | string | null>;
}

/** Resolves once the condition holds; throws after 20 s with what `why` says. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  why: () => string = () => "in vain",
): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 20) {
    if (waited > 20_000) throw new Error(why());
    await sleep(20);
  }
}

/** Where the command's output goes, if not to the test: an open file, or a pipe that nobody reads. */
export interface Outputs {
  readonly stdout?: number | "unread";
  readonly stderr?: number | "pipe";
}

/** Starts the command and collects what it prints. */
export function start(...args: string[]): Running {
  return startWith({}, ...args);
}

/** Starts the command with outputs of its own. */
export function startWith({ stdout, stderr = "pipe" }: Outputs, ...args: string[]): Running {
  const unread = stdout === "unread";
  const child = spawn(process.execPath, [COMMAND, ...args], {
    stdio: ["ignore", unread ? "pipe" : (stdout ?? "pipe"), stderr],
  });
  return collect(child, unread);
}

function collect(child: ChildProcess, unread: boolean): Running {
  const out: Buffer[] = [];
  const err: string[] = [];
  if (!unread) child.stdout?.on("data", (bytes: Buffer) => out.push(bytes));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => err.push(text));
  const closed = once(child, unread ? "exit" : "close") as Promise<[number | null, string | null]>;
  const length = (): number => out.reduce((sum, part) => sum + part.length, 0);
  return {
    child,
    out: () => Buffer.concat(out),
    err: () => err.join(""),
    printed: (bytes) =>
      until(
        () => length() >= bytes,
        () => `only ${length()} bytes: ${err.join("")}`,
      ),
    async ended() {
      const [status, signal] = await closed;
      return status ?? signal;
    },
  };
}
