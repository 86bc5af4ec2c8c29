import { spawn } from "node:child_process";
import { once } from "node:events";

/** A program that runs. */
export interface RunningProgram {
  kill(signal: NodeJS.Signals): void;
  out(): string;
  err(): string;
  /** Resolves once the output has this; fails if the program ends before. */
  printed(text: string | RegExp): Promise<void>;
  /** The exit status. */
  readonly ended: Promise<number | null>;
}

/** Starts a program and keeps what it says. */
export function runProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  input = "",
): RunningProgram {
  const child = spawn(command, args, { env });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const ended = once(child, "close").then(([status]) => status as number | null);
  const has = (text: string | RegExp): boolean =>
    typeof text === "string" ? out.includes(text) : text.test(out);
  return {
    kill: (signal) => void child.kill(signal),
    out: () => out,
    err: () => err,
    ended,
    async printed(text) {
      while (!has(text)) {
        const more = await Promise.race([
          once(child.stdout, "data").then(() => true),
          ended.then(() => false),
        ]);
        if (!more && !has(text)) throw new Error(`it ended without ${String(text)}: ${out}${err}`);
      }
    },
  };
}
