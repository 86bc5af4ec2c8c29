import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Tailer } from "./tailer.ts";

/** Node's readline on a read stream: no tailer, since it ends at the end of the file, but what many would use. */
export const readline: Tailer = {
  name: "readline",
  follow(path, sink) {
    const input = createReadStream(path);
    input.once("error", (error) => sink.fail(error));
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on("line", (line) => sink.line(line));
    return { pids: [], stop: async () => lines.close() };
  },
};
