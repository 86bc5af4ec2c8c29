// What the suite asks of a tailer, and this package's own answer.
import { tailFile } from "../tail-file.ts";

/** How a scenario wants a file followed: from its first byte on. */
export interface FollowRequest {
  readonly path: string;
  /** Between looks, ms, for a tailer that looks by time. */
  readonly pollIntervalMs: number;
  /** Takes each line without its newline. */
  readonly onLine: (line: string) => void;
  /** Told that the tailer gave up. */
  readonly onError: (error: unknown) => void;
}

/** A file that is being followed. */
export interface Conforming {
  /** Ends it. */
  stop(): Promise<void>;
  /**
   * The writer is done: delivers all there is, a last line without a newline too. Left out by a tailer that has no
   * such thing; the scenarios about it are not run then.
   */
  finish?(expectedBytes: number): Promise<void>;
}

/** A tailer as the suite sees it. */
export interface TailerAdapter {
  /** Its name in reports. */
  readonly name: string;
  /** Begins to follow. The file need not exist yet. */
  follow(request: FollowRequest): Conforming;
}

/** `tailFile` with its defaults. */
export const fileTailer: TailerAdapter = {
  name: "file-tailer",
  follow({ path, pollIntervalMs, onLine, onError }) {
    const tail = tailFile(path, { pollIntervalMs, idlePollIntervalMs: pollIntervalMs });
    const pump = async (): Promise<void> => {
      for await (const batch of tail) for (const { text } of batch) onLine(text);
    };
    const pumped = pump().catch(onError);
    return {
      stop: () => tail.stop(),
      async finish(expectedBytes) {
        await tail.finish({ expectedBytes });
        await pumped;
      },
    };
  },
};
