import { createHash } from "node:crypto";
import type { TailFrom } from "../options.ts";
import type { History } from "./history.ts";

/** A digest of some bytes just at the start of the file or just before an offset. */
export interface CheckpointDigest {
  /** How many bytes. */
  readonly bytes: number;
  /** Their SHA-256, in hexadecimal digits. */
  readonly sha256: string;
}

/** Where to resume a tail in a later process: plain JSON of about 220 bytes that holds none of the file's text. */
export interface Checkpoint {
  /** The version of this form. */
  readonly version: 1;
  /** Byte offset after the last line that was delivered. */
  readonly offset: number;
  /** Of the first bytes of the file. */
  readonly head: CheckpointDigest;
  /** Of the bytes just before the offset. */
  readonly recent: CheckpointDigest;
}

function digest(bytes: Buffer): CheckpointDigest {
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** The checkpoint of what was delivered. */
export function makeCheckpoint(history: History): Checkpoint {
  const { bytes: head } = history.head();
  const { bytes: recent } = history.delivered();
  const offset = history.deliveredOffset;
  // Zeros may be a hole that is filled later; what is digested must not change.
  const headHole = head.indexOf(0);
  return {
    version: 1,
    offset,
    head: digest(head.subarray(0, Math.min(offset, headHole === -1 ? head.length : headHole))),
    recent: digest(recent.subarray(recent.lastIndexOf(0) + 1)),
  };
}

/** The checkpoint of a position that was not taken yet, so that a restart in the meantime loses none. */
export function checkpointBefore(from: TailFrom): Checkpoint {
  if (typeof from === "object") return from;
  const nothing = digest(Buffer.alloc(0));
  return { version: 1, offset: typeof from === "number" ? from : 0, head: nothing, recent: nothing };
}

function isDigest(value: unknown): value is CheckpointDigest {
  if (typeof value !== "object" || value === null) return false;
  const { bytes, sha256 } = value as Partial<Record<string, unknown>>;
  return Number.isSafeInteger(bytes) && (bytes as number) >= 0 && typeof sha256 === "string";
}

/** Whether a value, parsed from JSON perhaps, has the form of a checkpoint. */
export function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== "object" || value === null) return false;
  const { version, offset, head, recent } = value as Partial<Record<string, unknown>>;
  if (version !== 1 || !Number.isSafeInteger(offset) || (offset as number) < 0) return false;
  if (!isDigest(head) || !isDigest(recent)) return false;
  return head.bytes <= (offset as number) && recent.bytes <= (offset as number);
}

/** Whether the first bytes of a file are those that the checkpoint was made of. */
export function matchesHead({ head }: Checkpoint, bytes: Buffer): boolean {
  return digest(bytes.subarray(0, head.bytes)).sha256 === head.sha256;
}

/** Whether the bytes just before the checkpoint's offset are those that it was made of. */
export function matchesRecent({ recent }: Checkpoint, bytes: Buffer): boolean {
  return digest(bytes.subarray(Math.max(0, bytes.length - recent.bytes))).sha256 === recent.sha256;
}
