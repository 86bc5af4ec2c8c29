import { execFile } from "node:child_process";
import { E2eError } from "../e2e-error.ts";

/** One command, run to its end without a shell. */
export interface CommandOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** Default: the suite's own working folder. */
  readonly cwd?: string;
  /** The whole environment of the command. Default: the suite's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** The command is killed after this, ms. Default 120 000. */
  readonly timeoutMs?: number;
}

/** What a command printed. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

const TAIL_CHARS = 2000;

/**
 * Runs a command and returns its output.
 *
 * Throws `E2eError` `command_failed` with the end of its output if it does not exit with 0 in time.
 */
export function runCommand(options: CommandOptions): Promise<CommandOutput> {
  const { command, args = [], cwd, env = process.env, timeoutMs = 120_000 } = options;
  return new Promise((resolve, reject) => {
    const settings = { cwd, env, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: 64 << 20 } as const;
    execFile(command, [...args], settings, (cause, stdout, stderr) => {
      if (cause === null) return resolve({ stdout, stderr });
      const why = cause.killed ? `took longer than ${timeoutMs} ms` : cause.message.split("\n")[0];
      const tail = `${stdout}\n${stderr}`.trim().slice(-TAIL_CHARS);
      reject(new E2eError("command_failed", `${[command, ...args].join(" ")}: ${why}\n${tail}`, { cause }));
    });
  });
}
