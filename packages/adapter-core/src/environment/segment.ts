import { createHash } from "node:crypto";

/** An id as one part of a path: another text for one that could be read as more than that. */
export function segment(id: string): string {
  if (/^[A-Za-z0-9_-]{1,200}$/u.test(id)) return id;
  return `id-${createHash("sha256").update(id).digest("hex").slice(0, 32)}`;
}
