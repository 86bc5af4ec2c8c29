// Waits until there is a file at the path, by asking for it: a writer on another machine raises no event here.
import type { Control } from "../control.ts";
import { FileTailerError } from "../errors.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import { errorCode, isTransient } from "./transient-errors.ts";

/** Whether a regular file is there. Rejects with `not_a_file`, or with an error that waiting does not cure. */
async function isThere({ path, fileSystem, scheduler }: ResolvedOptions): Promise<boolean> {
  try {
    const { isFile } = await scheduler.run(() => fileSystem.stat(path));
    if (isFile) return true;
  } catch (error) {
    if (!isTransient(error)) {
      throw new FileTailerError("io_error", `Cannot look for ${path}: ${errorCode(error)}`, {
        path,
        cause: error,
      });
    }
    return false;
  }
  throw new FileTailerError("not_a_file", `Not a regular file: ${path}`, { path });
}

/** Whether the file was there at the first look, or came later. */
export type Appearance = "there" | "came_later";

/**
 * Resolves once the file is there, to undefined if the tail is stopped or `finish` has waited long enough.
 * Rejects with `file_never_appeared` after `waitForFileMs`.
 */
export async function waitForFile(
  options: ResolvedOptions,
  control: Control,
): Promise<Appearance | undefined> {
  const { clock, path, waitForFileMs, pollIntervalMs } = options;
  const start = clock.now();
  let appearance: Appearance = "there";
  for (;;) {
    const there = await control.untilStopped(isThere(options));
    if (there === undefined) return undefined;
    if (there) return appearance;
    appearance = "came_later";
    const now = clock.now();
    if (control.finishing && now - control.finishingSince >= control.finishing.timeoutMs) return undefined;
    const left = start + waitForFileMs - now;
    if (left <= 0 && !control.finishing) {
      throw new FileTailerError("file_never_appeared", `No file within ${waitForFileMs} ms at ${path}`, {
        path,
      });
    }
    await control.sleep(Math.min(pollIntervalMs, Math.max(1, control.finishing ? pollIntervalMs : left)));
    control.takeWake();
  }
}
