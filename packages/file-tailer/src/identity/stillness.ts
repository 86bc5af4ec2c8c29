// Whether a local file has been left alone since it was read to its end: told by its size and the time of its last
// change, so that an idle file need not be read again to know that there is nothing new.
import type { FileGlance } from "../reading/file-system.ts";

/** File systems keep times to a tick of the kernel, 10 ms at most: of two changes in one tick the second leaves no mark. */
const TICK_MS = 100;

/** What a file is known by to be still. */
type Look = Pick<FileGlance, "size" | "changedMs">;

/** Remembers how a file looked when it was known to its end. */
export class Stillness {
  #last: Look | undefined;
  #since = 0;
  #known = false;

  /** Notes how the file looks now: true if nothing has happened to it since it was known to its end. */
  note(glance: Look | undefined, now: number): boolean {
    const last = this.#last;
    const same = glance && last && glance.size === last.size && glance.changedMs === last.changedMs;
    if (same) return this.#known;
    this.#last = glance;
    this.#since = now;
    this.#known = false;
    return false;
  }

  /** Notes that the file was read to its end, at that offset, after the last glance. */
  readToEnd(offset: number, now: number): void {
    this.#known = this.#last?.size === offset && now - this.#since >= TICK_MS;
  }

  /** Forgets all, for a file that must be read to know what it is. */
  forget(): void {
    this.#last = undefined;
    this.#known = false;
  }
}
