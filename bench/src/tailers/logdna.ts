import { createInterface } from "node:readline";
import LogdnaTailFile from "@logdna/tail-file";
import type { Tailer } from "./tailer.ts";

/** `@logdna/tail-file` with readline behind it, as its documentation shows. */
export const logdna: Tailer = {
  name: "@logdna/tail-file",
  follow(path, sink, { pollIntervalMs }) {
    const tail = new LogdnaTailFile(path, { startPos: 0, pollFileIntervalMs: pollIntervalMs });
    tail.on("tail_error", (error) => sink.fail(error));
    createInterface({ input: tail, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) =>
      sink.line(line),
    );
    tail.start().catch((error: unknown) => sink.fail(error));
    return {
      pids: [],
      stop: async () => {
        await tail.quit();
      },
    };
  },
};
