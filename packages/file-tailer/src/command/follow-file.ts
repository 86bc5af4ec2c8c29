// Follows the file and prints its lines, until somebody or something ends that.
import type { Tail, TailBatch } from "../tail.ts";
import { tailFile } from "../tail-file.ts";
import { readCheckpoint } from "./checkpoint-file.ts";
import type { FollowRequest } from "./command-line.ts";
import { CheckpointKeeper } from "./keep-checkpoint.ts";
import { noticesOf } from "./notices.ts";
import { asBytes, asJson, statistics } from "./print.ts";
import type { CommandContext, EndSignal } from "./run-command.ts";

/** How the following ended, where it did not fail. */
export interface Ending {
  /** The signal that ended it. */
  readonly signal?: EndSignal;
  /** Whether a write has not ended, since nobody reads. */
  readonly blocked: boolean;
}

type Context = Omit<CommandContext, "args" | "version">;

/** Prints all lines. The checkpoint never names a line that the output has not accepted. */
export async function followFile(request: FollowRequest, context: Context): Promise<Ending> {
  const { checkpoint: checkpointPath, fromStart, untilBytes, json } = request;
  const checkpoint = checkpointPath === undefined ? undefined : await readCheckpoint(checkpointPath);
  const notices = noticesOf(request.file, (notice) => context.stderr.write(`file-tailer: ${notice}\n`));
  let entered = false;
  const tail = tailFile(request.file, {
    from: checkpoint ?? (fromStart ? "start" : "end"),
    invalidUtf8: "bytes",
    longLine: "split",
    onEvent(event) {
      notices.onEvent(event);
      // Without a line, too, a later call must go on from here, and not from what is the end by then.
      if (event.kind !== "entered") return;
      entered = true;
      keeper?.note(tail.checkpoint());
    },
  });
  const keeper =
    checkpointPath === undefined ? undefined : new CheckpointKeeper(checkpointPath, () => void tail.stop());
  // Told at once how far to read, a tail ends there by itself, however long the writer takes.
  if (untilBytes !== undefined) {
    void tail.finish({ expectedBytes: untilBytes, timeoutMs: Number.POSITIVE_INFINITY });
  }
  const end = endBySignal(tail, context);
  const print = async (batch: TailBatch): Promise<boolean> => {
    const accepted = await writeUntil(end.came, context, json ? asJson(batch) : asBytes(batch));
    if (accepted) keeper?.note(tail.checkpoint());
    notices.lineCame();
    return accepted;
  };
  let going = true;
  try {
    for await (const batch of tail) {
      going = await print(batch);
      if (!going) break;
    }
    // A file that took the old one's place may have no line yet.
    if (going && entered) keeper?.note(tail.checkpoint());
  } finally {
    end.undo();
    context.stderr.write(statistics(tail.stats(), json));
    await keeper?.close();
  }
  const signal = end.signal();
  return signal ? { signal, blocked: !going } : { blocked: false };
}

/** Ends the tail by a signal. */
function endBySignal(tail: Tail, { signals }: Context) {
  let signal: EndSignal | undefined;
  let tell!: (nothing: undefined) => void;
  const came = new Promise<undefined>((resolve) => {
    tell = resolve;
  });
  const by = (which: EndSignal) => (): void => {
    signal ??= which;
    void tail.stop();
    tell(undefined);
  };
  const listeners = { SIGINT: by("SIGINT"), SIGTERM: by("SIGTERM") } as const;
  signals.on("SIGINT", listeners.SIGINT);
  signals.on("SIGTERM", listeners.SIGTERM);
  return {
    came,
    signal: () => signal,
    undo(): void {
      signals.off("SIGINT", listeners.SIGINT);
      signals.off("SIGTERM", listeners.SIGTERM);
    },
  };
}

/** Whether the output has accepted the bytes: not if it is closed, or still blocks when a signal comes. */
async function writeUntil(came: Promise<undefined>, { output }: Context, bytes: Buffer): Promise<boolean> {
  const accepted = output.write(bytes).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      // Whoever read the output has enough.
      if (error.code === "EPIPE") return false;
      throw new Error(
        `Cannot write the output: ${error.message}. What was not printed comes at the next call`,
      );
    },
  );
  // A write that will be done soon is waited for, so that its lines count as printed.
  return (await Promise.race([accepted, came])) ?? Promise.race([accepted, soon()]);
}

const SOON_MS = 100;

function soon(): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(resolve, SOON_MS, false);
  });
}
