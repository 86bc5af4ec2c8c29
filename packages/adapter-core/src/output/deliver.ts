import { type FinishResult, type Scheduler, type Tail, tailFile } from "@paperclip-k8s/file-tailer";
import { hostChunks } from "./host-chunks.ts";
import { plainFiles } from "./plain-files.ts";

/** One stream of a run on its way from its file to the host's log. */
export interface Delivery {
  /** Resolves when the last line has been taken by the host. Never rejects. */
  finish(options: { expectedBytes: number | null; timeoutMs: number }): Promise<DeliveryEnd>;
  /** Ends at once, for a run that has written nothing. */
  stop(): Promise<DeliveryEnd>;
}

export interface DeliveryEnd {
  readonly complete: boolean;
  readonly bytes: number;
  readonly lines: number;
  /** Why not everything arrived; null where everything did. */
  readonly problem: string | null;
}

/** A chunk that the host refuses is offered so often, then counts as lost. */
const OFFERS = 3;
/** A line that the reducer does not get any more, in bytes: its pieces still reach the host. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * Follows a file of the run from its first byte and hands its lines over: to the host as they were written,
 * in order, once, awaited, in pieces that the host joins again; then to `onLine`.
 */
export function deliver(options: {
  path: string;
  stream: "stdout" | "stderr";
  onLog: (stream: "stdout" | "stderr", chunk: string) => Promise<void>;
  onLine: (line: string) => void;
  scheduler?: Scheduler;
}): Delivery {
  const { path, stream, onLog, onLine, scheduler } = options;
  const tail = tailFile(path, {
    ...{ longLine: "split", maxLineBytes: MAX_LINE_BYTES, scheduler, fileSystem: plainFiles },
  });
  let lost: string | null = null;
  const pumped = pump().catch((error: unknown) => {
    lost ??= messageOf(error);
  });

  async function pump(): Promise<void> {
    for await (const batch of tail) {
      for (const { text, terminated } of batch) {
        for (const chunk of hostChunks(terminated ? `${text}\n` : text)) await offer(chunk);
        take(text);
      }
    }
  }

  /** A reducer that throws must not keep the rest of the log from the host. */
  function take(text: string): void {
    try {
      onLine(text);
    } catch (error) {
      lost ??= `a line could not be read: ${messageOf(error)}`;
    }
  }

  async function offer(chunk: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await onLog(stream, chunk);
        return;
      } catch (error) {
        if (attempt < OFFERS) continue;
        // The agent works on and its file is read on: what the host does not take now is said at the end.
        lost ??= `the host refused a part of the log: ${messageOf(error)}`;
        return;
      }
    }
  }

  async function endOf(tail: Tail, finished: Promise<FinishResult> | null): Promise<DeliveryEnd> {
    const result = await finished;
    await pumped;
    const { bytes, lines } = tail.stats();
    const complete = lost === null && (result === null || result.complete);
    const problem = complete
      ? null
      : (lost ?? result?.error?.message ?? `the file ended early (${result?.reason})`);
    return { complete, bytes, lines, problem };
  }

  return {
    finish: ({ expectedBytes, timeoutMs }) =>
      endOf(tail, tail.finish({ ...(expectedBytes === null ? {} : { expectedBytes }), timeoutMs })),
    stop: async () => {
      await tail.stop();
      return endOf(tail, null);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
