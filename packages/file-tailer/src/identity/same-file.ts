import type { FileStat, FileSystemKind } from "../reading/file-system.ts";

/** Whether two stats are of one file, or only its content can tell. */
export type Sameness = "same" | "different" | "ask_content";

/** Compares identities as far as the kind of file system lets them mean something. */
export function sameFile(known: FileStat, found: FileStat, kind: FileSystemKind): Sameness {
  // A remount gives the volume another device number, and its files stay what they were.
  if (known.dev !== found.dev) return "ask_content";
  if (known.ino !== found.ino) return kind === "unknown" ? "ask_content" : "different";
  // Inodes are reused at once after a deletion. The time of birth tells, but where the kernel does not know it
  // Node gives the time of the last change instead, so it is no more than a reason to look closer.
  if (known.birthtimeMs !== found.birthtimeMs) return "ask_content";
  return "same";
}
