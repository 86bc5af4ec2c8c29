// Takes the position that the first line is read from: verified by content where there is something to verify.
import { FileTailerError } from "../errors.ts";
import { type Checkpoint, matchesHead, matchesRecent } from "../identity/checkpoint.ts";
import { excerptRanges } from "../identity/history.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import type { Reader } from "./reader.ts";
import type { Appearance } from "./wait-for-file.ts";

/** Whether the position was taken, or why not yet: a network file system may show an old state at first. */
export type Entered = "entered" | "missing" | "short" | "nul" | "mismatch";

/** Tries to take the position, on a fresh open. */
export async function enter(
  reader: Reader,
  options: ResolvedOptions,
  appeared: Appearance,
): Promise<Entered> {
  const { from } = options;
  if (from === "start" || from === 0) return "entered";
  // All of a file that came later is new.
  if (from === "end" && appeared === "came_later") return "entered";
  const found = await reader.source.refresh(reader.history);
  if (found === "missing") return "missing";
  if (found === "other") await reader.source.adoptOther();
  if (typeof from === "number") return enterAt(reader, from);
  if (from === "end") return enterAt(reader, await findEnd(reader));
  return enterAt(reader, from.offset, from);
}

async function enterAt(reader: Reader, offset: number, checkpoint?: Checkpoint): Promise<Entered> {
  const lengths = excerptRanges(offset);
  const head = await reader.source.readRange(0, lengths.head);
  const recent = await reader.source.readRange(offset - lengths.recent, lengths.recent);
  const other = checkpoint && isOther(checkpoint, { head, recent, lengths });
  // A checkpoint digests no zeros: here they stand for bytes that have not arrived yet.
  const zeros = reader.source.kind !== "local" && (head.includes(0) || recent.includes(0));
  if (other) return zeros ? "nul" : "mismatch";
  if (head.length < lengths.head || recent.length < lengths.recent) return "short";
  reader.enter(offset, head, recent);
  return "entered";
}

/** Whether what could be read is not of the checkpoint's file; a file that is too short may still be. */
function isOther(
  checkpoint: Checkpoint,
  { head, recent, lengths }: { head: Buffer; recent: Buffer; lengths: { head: number; recent: number } },
): boolean {
  if (head.length >= lengths.head && !matchesHead(checkpoint, head)) return true;
  return recent.length >= lengths.recent && !matchesRecent(checkpoint, recent);
}

/** The size is only where the search begins: what can be read counts. */
async function findEnd({ source }: Reader): Promise<number> {
  let from = source.sizeHint;
  // A size that is too large points behind the last byte.
  while (from > 0 && (await source.readRange(from - 1, 1)).length === 0) from = Math.floor(from / 2);
  return readOn(source, from);
}

async function readOn(source: Reader["source"], from: number): Promise<number> {
  let end = from;
  for (;;) {
    const bytes = await source.chunks.read(end, 0, (chunk) => chunk.length);
    if (bytes === 0) return end;
    end += bytes;
  }
}

/** The error of a position that could not be taken in time. */
export function notEntered(why: Exclude<Entered, "entered">, options: ResolvedOptions): FileTailerError {
  const { path, from, waitForFileMs } = options;
  const offset = typeof from === "object" ? from.offset : typeof from === "number" ? from : 0;
  switch (why) {
    case "missing":
      return new FileTailerError("file_never_appeared", `No file within ${waitForFileMs} ms at ${path}`, {
        path,
      });
    case "short":
      return new FileTailerError("offset_beyond_end", `The file does not reach byte ${offset}: ${path}`, {
        path,
        offset,
      });
    case "nul":
    case "mismatch":
      return new FileTailerError("checkpoint_mismatch", `Not the file of the checkpoint: ${path}`, {
        path,
        offset,
      });
  }
}
