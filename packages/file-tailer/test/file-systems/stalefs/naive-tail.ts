// The tailer that is written first, to show that a fault bites: it asks for the size and reads what it says.
import { open, stat } from "node:fs/promises";

/** What the naive tailer has found. */
export interface NaiveTail {
  /** Looks a last time, and says what was found in all. */
  finish(): Promise<string[]>;
}

/** A timer that minds nothing would fill the process's four file threads on a slow file system. */
const MOST_AT_ONCE = 2;

/** Follows a file on one handle, by a timer that does not mind whether the last look is over. */
export async function naiveTail(path: string, intervalMs: number): Promise<NaiveTail> {
  const lines: string[] = [];
  const handle = await open(path, "r").catch(() => undefined);
  let offset = 0;
  let rest = "";
  let failed = handle === undefined;
  let looking = 0;
  const look = async (): Promise<void> => {
    if (!handle || failed || looking >= MOST_AT_ONCE) return;
    looking++;
    try {
      const { size } = await stat(path);
      if (size < offset) [offset, rest] = [0, ""];
      if (size === offset) return;
      const buffer = Buffer.alloc(size - offset);
      await handle.read(buffer, 0, buffer.length, offset);
      offset = size;
      const found = (rest + buffer.toString()).split("\n");
      rest = found.pop() ?? "";
      lines.push(...found);
    } catch {
      failed = true;
    } finally {
      looking--;
    }
  };
  const timer = setInterval(() => void look(), intervalMs);
  return {
    async finish() {
      clearInterval(timer);
      await look();
      await handle?.close();
      return lines;
    },
  };
}
