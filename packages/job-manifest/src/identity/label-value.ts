import { createHash } from "node:crypto";

const LABEL_VALUE = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const MAX_LENGTH = 63;
const HASH_LENGTH = 10;

/** Whether Kubernetes takes `value` as a label's value (the empty one included). It may be anything that JSON has. */
export function isLabelValue(value: unknown): boolean {
  return value === "" || (typeof value === "string" && value.length <= MAX_LENGTH && LABEL_VALUE.test(value));
}

/**
 * A valid label value for any text. Text that is one already stays as it is; other text keeps its
 * readable part and gets a hash, so that two long ids with the same beginning stay two.
 */
export function labelValue(text: string): string {
  if (isLabelValue(text)) return text;
  const readable = text
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .slice(0, MAX_LENGTH - HASH_LENGTH - 1)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  const hash = sha256(text).slice(0, HASH_LENGTH);
  return readable === "" ? hash : `${readable}-${hash}`;
}

/** SHA-256 of the UTF-8 form of `text`, as 64 hex digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
