import { Tail } from "tail";
import type { Tailer } from "./tailer.ts";

/** The npm package `tail`, which watches with `fs.watchFile` where it is to look by time. */
export const npmTail: Tailer = {
  name: "tail (npm)",
  follow(path, sink, { pollIntervalMs }) {
    const tail = new Tail(path, {
      fromBeginning: true,
      useWatchFile: true,
      fsWatchOptions: { interval: pollIntervalMs },
    });
    tail.on("line", (line) => sink.line(String(line)));
    tail.on("error", (error) => sink.fail(error));
    return { pids: [], stop: async () => tail.unwatch() };
  },
};
