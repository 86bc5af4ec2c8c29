import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A command, where it runs, and all of its variables. */
export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a command for at most five minutes; resolves to its stdout. Rejects with both streams in the message. */
export async function run(
  [command, ...args]: readonly [string, ...string[]],
  options: RunOptions,
): Promise<string> {
  const bounds = { timeout: 300_000, maxBuffer: 1 << 26 };
  try {
    return (await promisify(execFile)(command, args, { ...options, ...bounds })).stdout;
  } catch (cause) {
    const { stdout = "", stderr = "" } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause });
  }
}
