// Which texts may become part of a path. Checked before anything is created.

/** Longer ids would not leave room for the longest file name of a run (255 bytes). */
export const MAX_ID_LENGTH = 200;

/** Whether `id` may become a folder or the beginning of a file name. */
export function isRunId(id: string): boolean {
  return /^[a-zA-Z0-9-]+$/.test(id) && id.length <= MAX_ID_LENGTH;
}

/** Whether `path` is relative, normal (no empty part, no `.`, no `..`) and free of control characters. */
export function isRelativePath(path: string): boolean {
  return path !== "" && path.split("/").every(isPathPart);
}

/** Whether `path` is absolute and normal, and not the root. */
export function isAbsolutePath(path: string): boolean {
  // Specs come from configs, where a path may be anything that JSON has.
  return typeof path === "string" && path.startsWith("/") && isRelativePath(path.slice(1));
}

/** Whether `inner` is `outer` or lies below it. Both absolute and normal, or both relative. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

function isPathPart(part: string): boolean {
  // A colon is refused by Kubernetes in mount paths; control characters hide in logs.
  return part !== "" && part !== "." && part !== ".." && !/[\p{Cc}\p{Surrogate}:]/u.test(part);
}
