// What is written first: every so often, all that is new, in one piece.
import { open, stat } from "node:fs/promises";
import type { Tailer } from "./tailer.ts";

async function readRange(path: string, start: number, length: number): Promise<string> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Asks for the size, reads what is new at once, splits the text. */
export const naive: Tailer = {
  name: "naive loop",
  follow(path, sink, { pollIntervalMs }) {
    let offset = 0;
    let rest = "";
    let timer: NodeJS.Timeout | undefined;
    let stopped = false;
    const poll = async (): Promise<void> => {
      const { size } = await stat(path);
      if (size > offset) {
        const lines = (rest + (await readRange(path, offset, size - offset))).split("\n");
        offset = size;
        rest = lines.pop() ?? "";
        for (const line of lines) sink.line(line);
      }
      if (!stopped) timer = setTimeout(run, pollIntervalMs);
    };
    const run = (): void => {
      poll().catch((error: unknown) => sink.fail(error));
    };
    run();
    return {
      pids: [],
      stop: async () => {
        stopped = true;
        clearTimeout(timer);
      },
    };
  },
};
