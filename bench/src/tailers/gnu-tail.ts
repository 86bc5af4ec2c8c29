import { spawn } from "node:child_process";
import { cutLines } from "./cut-lines.ts";
import type { Tailer } from "./tailer.ts";

function make(name: string, mode: readonly string[]): Tailer {
  return {
    name,
    follow(path, sink, { pollIntervalMs }) {
      const args = [...mode, "-n", "+1", "-s", String(pollIntervalMs / 1000), "-F", "--", path];
      const child = spawn("tail", args, { stdio: ["ignore", "pipe", "ignore"] });
      const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
      child.once("error", (error) => sink.fail(error));
      child.stdout.setEncoding("utf8").on(
        "data",
        cutLines((line) => sink.line(line)),
      );
      return {
        pids: child.pid === undefined ? [] : [child.pid],
        stop: () => {
          child.kill("SIGKILL");
          return closed;
        },
      };
    },
  };
}

/** GNU tail behind a pipe, woken by inotify. */
export const gnuTail: Tailer = make("GNU tail -F", []);

/** GNU tail behind a pipe, polling, as it does on a remote file system. */
export const gnuTailPolling: Tailer = make("GNU tail -F, polling", ["---disable-inotify"]);
