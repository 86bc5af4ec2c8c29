// Runs the real CLI as a local process: for tests and recordings, not for pods.
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { claudeBinary } from "./claude-binary.ts";
import { offlineClaudeEnvironment } from "./claude-environment.ts";

/** What `runOfflineClaude` needs. */
export interface RunOfflineClaudeOptions {
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
  /** Tries after a failed API call. Default 1. */
  readonly maxRetries?: number;
  /** More variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the process with `killSignal` after so many ms. Default 60,000. */
  readonly timeoutMs?: number;
  /** Sees stdout as it comes; whatever aborts `signal` may depend on it. */
  readonly onStdout?: (chunk: string) => void;
  /** Ends the process with `killSignal`. */
  readonly signal?: AbortSignal;
  /** Default `SIGKILL`. */
  readonly killSignal?: NodeJS.Signals;
}

/** How a run of the CLI ended. */
export interface OfflineClaudeRun {
  readonly stdout: string;
  readonly stderr: string;
  /** null if a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs Claude Code once with the arguments of an adapter. Rejects only if it cannot be started. */
export async function runOfflineClaude(options: RunOfflineClaudeOptions): Promise<OfflineClaudeRun> {
  await mkdir(options.home, { recursive: true });
  await mkdir(options.cwd, { recursive: true });
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000);
  const child = spawn(claudeBinary(), [...usualArguments, ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { ...environmentOf(options), ...options.env },
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

const usualArguments = [
  "--print",
  "--output-format",
  "stream-json",
  "--verbose",
  "--dangerously-skip-permissions",
] as const;

function environmentOf({ baseUrl, maxRetries = 1, home }: RunOfflineClaudeOptions): Record<string, string> {
  return {
    ...offlineClaudeEnvironment({ baseUrl, maxRetries }),
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: home,
    // As root the CLI skips permissions only inside a sandbox.
    IS_SANDBOX: "1",
  };
}
