import { open, stat } from "node:fs/promises";
import { type LineShape, makeBlock } from "./make-block.ts";

/** A file of complete lines. */
export interface CorpusFile {
  readonly path: string;
  /** How many lines it has. */
  readonly lines: number;
}

const BLOCK_BYTES = 2 ** 24;

/** Writes at least `bytes` bytes of lines of a shape, unless the file is there already. */
export async function makeFile(path: string, shape: LineShape, bytes: number): Promise<CorpusFile> {
  const block = makeBlock(shape, Math.min(bytes, BLOCK_BYTES));
  const times = Math.ceil(bytes / block.bytes.length);
  const lines = block.lines * times;
  const size = await stat(path).then(
    (found) => found.size,
    () => -1,
  );
  if (size === block.bytes.length * times) return { path, lines };
  const handle = await open(path, "w");
  try {
    for (let i = 0; i < times; i++) await handle.writeFile(block.bytes);
  } finally {
    await handle.close();
  }
  return { path, lines };
}
