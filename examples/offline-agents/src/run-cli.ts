// Runs a CLI as a local process: for tests and recordings, not for pods.
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";

/** What every run of a CLI needs. */
export interface RunOfflineOptions {
  /** `url` of the scripted model. */
  readonly baseUrl: string;
  /** Given on stdin. */
  readonly prompt: string;
  /** HOME of the process; sessions live there. Made if it is missing. */
  readonly home: string;
  /** Working directory; a session can only be resumed in the one it began in. Made if it is missing. */
  readonly cwd: string;
  /** After the usual arguments for a stream of JSON with all permissions. */
  readonly args?: readonly string[];
  /** More variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the process with `killSignal` after so many ms. Default 60,000. */
  readonly timeoutMs?: number;
  /** Sees stdout as it comes; whatever aborts `signal` may depend on it. */
  readonly onStdout?: (chunk: string) => void;
  /** Sees stderr as it comes. */
  readonly onStderr?: (chunk: string) => void;
  /** Ends the process with `killSignal`. */
  readonly signal?: AbortSignal;
  /** Default `SIGKILL`. */
  readonly killSignal?: NodeJS.Signals;
}

/** How a run of a CLI ended. */
export interface OfflineRun {
  readonly stdout: string;
  readonly stderr: string;
  /** null if a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The process: what the agents differ in. */
export interface CliProcess {
  readonly binary: string;
  readonly args: readonly string[];
  /** All variables but `PATH`, `HOME` and those of `options.env`. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a CLI once. Rejects only if it cannot be started. */
export async function runCli(cli: CliProcess, options: RunOfflineOptions): Promise<OfflineRun> {
  await mkdir(options.home, { recursive: true });
  await mkdir(options.cwd, { recursive: true });
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000);
  const child = spawn(cli.binary, [...cli.args, ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { ...cli.env, PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: options.home, ...options.env },
    signal: options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]),
    killSignal: options.killSignal ?? "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    options.onStdout?.(chunk);
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    options.onStderr?.(chunk);
  });
  // A process that ends before it has read its prompt closes the pipe.
  child.stdin.on("error", () => undefined).end(options.prompt);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      // An abort is an end like any other: `close` follows.
      if (error.name !== "AbortError") reject(error);
    });
    child.once("close", (exitCode, signal) => resolve({ stdout, stderr, exitCode, signal }));
  });
}
