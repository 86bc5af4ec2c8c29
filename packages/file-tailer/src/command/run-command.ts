// One call of the command, from its arguments to its end.
import { constants } from "node:os";
import { readCommandLine, USAGE } from "./command-line.ts";
import { followFile } from "./follow-file.ts";
import { sentence } from "./notices.ts";
import type { Output } from "./output.ts";

/** Where signals come from: the process. */
export interface Signals {
  on(signal: EndSignal, listener: () => void): unknown;
  off(signal: EndSignal, listener: () => void): unknown;
}

/** What the command works with. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly output: Output;
  readonly stderr: { write(text: string): unknown };
  readonly signals: Signals;
  /** The version of this package. */
  readonly version: () => string;
}

/** A signal that ends the command in good order. */
export type EndSignal = "SIGINT" | "SIGTERM";

/** How the process is to end: with a status, or by the signal that a write still keeps from ending it. */
export type CommandEnd = { readonly status: number } | { readonly signal: EndSignal };

/** Runs the command. */
export async function runCommand(context: CommandContext): Promise<CommandEnd> {
  const { args, output, stderr } = context;
  const request = readCommandLine(args);
  if ("wrong" in request) {
    stderr.write(`file-tailer: ${request.wrong}\n${USAGE}`);
    return { status: 2 };
  }
  try {
    if ("print" in request) {
      const text = request.print === "usage" ? USAGE : `${context.version()}\n`;
      await output.write(Buffer.from(text));
      return { status: 0 };
    }
    const { signal, blocked } = await followFile(request, context);
    if (!signal) return { status: 0 };
    return blocked ? { signal } : { status: 128 + constants.signals[signal] };
  } catch (error) {
    stderr.write(`file-tailer: ${sentence(error)}\n`);
    return { status: 1 };
  }
}
