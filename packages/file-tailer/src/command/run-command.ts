// One call of the command, from its arguments to its exit status.
import { constants } from "node:os";
import type { Writable } from "node:stream";
import { FileTailerError, type FileTailerErrorCode } from "../errors.ts";
import type { Checkpoint } from "../identity/checkpoint.ts";
import type { Tail } from "../tail.ts";
import { tailFile } from "../tail-file.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint-file.ts";
import { type Request, readCommandLine, USAGE } from "./command-line.ts";
import { asBytes, asJson, statistics } from "./print.ts";

/** Where signals come from: the process. */
export interface Signals {
  on(signal: EndSignal, listener: () => void): unknown;
  off(signal: EndSignal, listener: () => void): unknown;
}

/** What the command works with. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly signals: Signals;
}

type EndSignal = "SIGINT" | "SIGTERM";

/** How the tail came to its end, apart from errors of its own. */
interface Ending {
  signal?: EndSignal;
  /** Whoever read the output has enough. */
  outputClosed?: boolean;
}

const CHECKPOINT_EVERY_MS = 1000;

/** What helps, where the message does not say it. */
const REMEDIES: Partial<Record<FileTailerErrorCode, string>> = {
  not_a_file: "Only a regular file can be followed; read a pipe with cat",
  file_never_appeared: "Check the path, and start again once something writes there",
  checkpoint_mismatch: "It is another file by now: delete the checkpoint to begin anew",
};

/** Runs the command; resolves to the status that the process is to end with. */
export async function runCommand({ args, stdout, stderr, signals }: CommandContext): Promise<number> {
  const request = readCommandLine(args);
  if (request === "help") {
    stdout.write(USAGE);
    return 0;
  }
  if ("wrong" in request) {
    stderr.write(`file-tailer: ${request.wrong}\n${USAGE}`);
    return 2;
  }
  try {
    const ending = await follow(request, { stdout, stderr, signals });
    return ending.signal ? 128 + constants.signals[ending.signal] : 0;
  } catch (error) {
    stderr.write(`file-tailer: ${sentence(error)}\n`);
    return 1;
  }
}

async function follow(request: Request, context: Omit<CommandContext, "args">): Promise<Ending> {
  const { file, fromStart, checkpoint: checkpointPath, untilBytes } = request;
  const checkpoint = checkpointPath === undefined ? undefined : await readCheckpoint(checkpointPath);
  const from = checkpoint ?? (fromStart ? "start" : "end");
  const tail = tailFile(file, { from, invalidUtf8: "bytes", longLine: "split" });
  const ending: Ending = {};
  const undo = endBy(tail, ending, context);
  // Told at once how far to read, a tail ends there by itself, however long the writer takes.
  if (untilBytes !== undefined) {
    void tail.finish({ expectedBytes: untilBytes, timeoutMs: Number.POSITIVE_INFINITY });
  }
  try {
    await print({ tail, request, context, ending });
  } finally {
    undo();
    context.stderr.write(statistics(tail.stats(), request.json));
  }
  return ending;
}

/** Ends the tail by a signal, or when nobody reads its output any more. Returns what takes that back. */
function endBy(tail: Tail, ending: Ending, { stdout, signals }: Omit<CommandContext, "args">): () => void {
  const bySignal = (signal: EndSignal) => (): void => {
    ending.signal ??= signal;
    void tail.stop();
  };
  const byInt = bySignal("SIGINT");
  const byTerm = bySignal("SIGTERM");
  const byOutput = (): void => {
    ending.outputClosed = true;
    void tail.stop();
  };
  signals.on("SIGINT", byInt);
  signals.on("SIGTERM", byTerm);
  stdout.on("error", byOutput);
  return () => {
    signals.off("SIGINT", byInt);
    signals.off("SIGTERM", byTerm);
  };
}

interface Printing {
  readonly tail: Tail;
  readonly request: Request;
  readonly context: Omit<CommandContext, "args">;
  readonly ending: Ending;
}

/** Prints all lines. The checkpoint never names a line that the output has not accepted. */
async function print({ tail, request, context, ending }: Printing): Promise<void> {
  const path = request.checkpoint;
  let accepted: Checkpoint | undefined;
  let savedAt = 0;
  const save = async (): Promise<void> => {
    if (path === undefined || !accepted) return;
    await writeCheckpoint(path, accepted);
    savedAt = Date.now();
  };
  try {
    for await (const batch of tail) {
      await write(context.stdout, request.json ? asJson(batch) : asBytes(batch));
      if (ending.outputClosed) break;
      accepted = tail.checkpoint();
      if (Date.now() - savedAt >= CHECKPOINT_EVERY_MS) await save();
    }
  } finally {
    await save();
  }
}

/** Resolves once the output has accepted the bytes, or is closed. */
function write(output: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    output.write(bytes, () => resolve());
  });
}

function sentence(error: unknown): string {
  if (!(error instanceof FileTailerError)) return error instanceof Error ? error.message : String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  const remedy = REMEDIES[error.code];
  return `${error.message}${cause} [${error.code}]${remedy ? `. ${remedy}` : ""}`;
}
