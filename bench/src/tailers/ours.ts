import { type TailOptions, tailFile } from "@paperclip-k8s/file-tailer";
import type { FollowOptions, Sink, Tailer } from "./tailer.ts";

function make(name: string, own: TailOptions): Tailer {
  return {
    name,
    follow(path: string, sink: Sink, options: FollowOptions) {
      const tail = tailFile(path, { ...options, maxLineBytes: 2 ** 27, ...own });
      const pump = async (): Promise<void> => {
        for await (const batch of tail) for (const { text } of batch) sink.line(text);
      };
      pump().catch((error: unknown) => sink.fail(error));
      return { pids: [], stop: () => tail.stop() };
    },
  };
}

/** This repository's tailer with its defaults. */
export const ours: Tailer = make("file-tailer", {});

/** The same as it works on a network file system: a fresh open for each poll. */
export const oursReopening: Tailer = make("file-tailer, reopening", { reopen: "always" });
