// Waits until there is a file at the path, by asking for it: a writer on another machine raises no event here.
import type { Control } from "../control.ts";
import { FileTailerError } from "../errors.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import { errorCode, isTransient } from "./transient-errors.ts";

/** What a look at the path found: the error is one that waiting may cure. */
type Look = { readonly there: true } | { readonly there: false; readonly error: unknown };

/** Looks for a regular file. Rejects with `not_a_file`, or with an error that waiting does not cure. */
async function look({ path, fileSystem, scheduler }: ResolvedOptions): Promise<Look> {
  try {
    const { isFile } = await scheduler.run(() => fileSystem.stat(path));
    if (isFile) return { there: true };
  } catch (error) {
    if (!isTransient(error)) throw notSeen(path, error);
    return { there: false, error };
  }
  throw new FileTailerError("not_a_file", `Not a regular file: ${path}`, { path });
}

function notSeen(path: string, cause: unknown): FileTailerError {
  return new FileTailerError("io_error", `Cannot look for ${path}: ${errorCode(cause)}`, { path, cause });
}

/** Whether the file was there at the first look, or came later. */
export type Appearance = "there" | "came_later";

/**
 * Resolves once the file is there, to undefined if the tail is stopped or `finish` has waited long enough.
 * Rejects after `waitForFileMs` with `file_never_appeared`, or with
 * the error that kept anybody from seeing whether there is one.
 */
export async function waitForFile(
  options: ResolvedOptions,
  control: Control,
): Promise<Appearance | undefined> {
  const { clock, path, waitForFileMs, pollIntervalMs } = options;
  const start = clock.now();
  let appearance: Appearance = "there";
  for (;;) {
    const seen = await control.untilStopped(look(options));
    if (seen === undefined) return undefined;
    if (seen.there) return appearance;
    appearance = "came_later";
    const code = errorCode(seen.error);
    if (code !== "ENOENT") {
      options.onEvent({ kind: "transient_error", errorCode: code, retryInMs: pollIntervalMs });
    }
    const now = clock.now();
    if (control.finishing && now - control.finishingSince >= control.finishing.timeoutMs) return undefined;
    const left = start + waitForFileMs - now;
    if (left <= 0 && !control.finishing) {
      if (code !== "ENOENT") throw notSeen(path, seen.error);
      throw new FileTailerError("file_never_appeared", `No file within ${waitForFileMs} ms at ${path}`, {
        path,
      });
    }
    await control.sleep(Math.min(pollIntervalMs, Math.max(1, control.finishing ? pollIntervalMs : left)));
    control.takeWake();
  }
}
