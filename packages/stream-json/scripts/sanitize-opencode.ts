// Makes a recording of OpenCode independent of the machine and the moment, without changing its shape.
import type { Places } from "./record-situations.ts";

/** The session that is asked for by hand. */
const kept = "ses_000000000000000000000000";

/** A sanitizer; an id gets the same stand-in wherever the same sanitizer sees it. */
export function createOpenCodeSanitizer({ home, cwd }: Places): (text: string) => string {
  const ids = new Map<string, string>();
  const counts = new Map<string, number>();
  const standIn = (id: string, kind: string): string => {
    if (id === kept) return id;
    const known = ids.get(id);
    if (known !== undefined) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const made = `${kind}_${String(count).padStart(kind === "err" ? 8 : 26, "0")}`;
    ids.set(id, made);
    return made;
  };
  return (text) =>
    text
      // The package of plugins' types, which it is kept from fetching.
      .replace(/^timestamp=.* message="background dependency install failed" .*\n/gm, "")
      .replaceAll(home, "/home/agent")
      .replaceAll(cwd, "/workspace")
      // Titles of tools leave the first slash out.
      .replaceAll(cwd.slice(1), "workspace")
      .replace(/\b(ses|msg|prt|evt|err)_[0-9A-Za-z]{8,}/g, standIn)
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "2026-01-01T00:00:00.000Z")
      .replace(/\b1[789]\d{11}\b/g, "1767225600000")
      .replace(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, "Thu, 01 Jan 2026 00:00:00 GMT")
      .replace(/\brun=[0-9a-f]{8}\b/g, "run=00000000")
      .replace(/chunk-\w+\.js:\d+:\d+/g, "chunk-0.js:1:1")
      .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:1");
}
