// How lines and statistics look.
import type { TailBatch, TailLine, TailStats } from "../tail.ts";

const NEWLINE = Buffer.from("\n");

/** The bytes of the lines as they are in the file. */
export function asBytes(batch: TailBatch): Buffer {
  const parts: Uint8Array[] = [];
  for (const { text, bytes, terminated } of batch) {
    parts.push(bytes ?? Buffer.from(text));
    if (terminated) parts.push(NEWLINE);
  }
  return Buffer.concat(parts);
}

/** A JSON object for each line. */
export function asJson(batch: TailBatch): Buffer {
  return Buffer.from(batch.map((line) => `${JSON.stringify(jsonOf(line))}\n`).join(""));
}

function jsonOf({ text, start, end, terminated, bytes }: TailLine): Record<string, unknown> {
  const base64 = bytes && Buffer.from(bytes).toString("base64");
  return { text, start, end, terminated, ...(base64 === undefined ? {} : { bytes: base64 }) };
}

/** The statistics in one line: for people, or as JSON. */
export function statistics(stats: TailStats, json: boolean): string {
  if (json) return `${JSON.stringify(stats)}\n`;
  const { lines, bytes, deliveredOffset, polls, opens, transientErrors, replacements, truncations, holes } =
    stats;
  const figures = [
    `${lines} lines`,
    `${bytes} bytes`,
    `to byte ${deliveredOffset}`,
    `${polls} polls`,
    `${opens} opens`,
    `${transientErrors} errors waited out`,
    `${replacements} replacements`,
    `${truncations} truncations`,
    `${holes} holes`,
  ];
  return `${figures.join(", ")}\n`;
}
