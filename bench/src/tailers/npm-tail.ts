import { Tail } from "tail";
import type { Tailer } from "./tailer.ts";

function make(name: string, useWatchFile: boolean): Tailer {
  return {
    name,
    follow(path, sink, { pollIntervalMs }) {
      const tail = new Tail(path, {
        fromBeginning: true,
        useWatchFile,
        fsWatchOptions: { interval: pollIntervalMs },
      });
      tail.on("line", (line) => sink.line(String(line)));
      tail.on("error", (error) => sink.fail(error));
      return { pids: [], stop: async () => tail.unwatch() };
    },
  };
}

/** The npm package `tail`, looking by time: with `fs.watchFile`. */
export const npmTail: Tailer = make("tail (npm)", true);

/** The same as it works by default, with `fs.watch`, which hears of renamed files. */
export const npmTailWatching: Tailer = make("tail (npm), watching", false);
