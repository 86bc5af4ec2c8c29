// A stream of a size, made of what the real CLIs printed: their recorded events, each time with ids of its own.
import { readFileSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Cli } from "./subject.ts";

const FIXTURES = new URL("../../../packages/stream-json/test/", import.meta.url);
/** More of them than a reducer remembers ids. */
const BLOCK_BYTES = 2 ** 25;

const sources: Readonly<Record<Cli, readonly string[]>> = {
  claude: ["tools", "thinking", "parallel-tools", "tool-error", "subagent", "session-resumed"],
  opencode: ["tools", "thinking", "parallel-tools", "tool-error", "subagent", "long-tool-output"],
};

/** Ids as they stand in the recordings. */
const ids: Readonly<Record<Cli, RegExp>> = {
  claude: /(?<=0000-4000-8000-)\d{12}|(?<=(?:msg|toolu)_[a-z-]+)\d{6}/g,
  opencode: /(?<=(?:msg|prt)_)\d{26}|(?<=toolu_[a-z-]+)\d{6}/g,
};

/** Writes at least `bytes` bytes of events, unless the file is there already. */
export async function makeStream(path: string, cli: Cli, bytes: number): Promise<void> {
  const block = makeBlock(cli, Math.min(bytes, BLOCK_BYTES));
  const times = Math.ceil(bytes / block.length);
  const size = await stat(path).then(
    (found) => found.size,
    () => -1,
  );
  if (size === block.length * times) return;
  await using file = await open(path, "w");
  for (let i = 0; i < times; i++) await file.writeFile(block);
}

function makeBlock(cli: Cli, bytes: number): Buffer {
  const recorded = sources[cli].flatMap((name) =>
    readFileSync(new URL(`${cli}/fixtures/${name}.ndjson`, FIXTURES), "utf8")
      .split("\n")
      .slice(0, -1),
  );
  const parts: Buffer[] = [];
  let total = 0;
  for (let round = 1; total < bytes; round++) {
    for (const line of recorded) {
      const part = Buffer.from(`${line.replace(ids[cli], (id) => withRound(id, round))}\n`);
      parts.push(part);
      total += part.length;
    }
  }
  return Buffer.concat(parts);
}

/** The same id of another round is another one, of the same length where it fits. */
function withRound(id: string, round: number): string {
  return `${round}`.padStart(id.length - 3, "0") + id.slice(-3);
}
