// Keeps the checkpoint's file up to date: at most one write in a second, and none that is late by more.
import type { Checkpoint } from "../identity/checkpoint.ts";
import { writeCheckpoint } from "./checkpoint-file.ts";

const EVERY_MS = 1000;

/** Saves the positions that it is told of. */
export class CheckpointKeeper {
  readonly #path: string;
  readonly #onFailure: () => void;
  #unsaved: Checkpoint | undefined;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();
  #savedAt = Number.NEGATIVE_INFINITY;

  /** @param onFailure called when the file could not be written in between; `close` rejects with the error then */
  constructor(path: string, onFailure: () => void) {
    this.#path = path;
    this.#onFailure = onFailure;
  }

  /** Takes a position that all lines before it were delivered for. */
  note(checkpoint: Checkpoint): void {
    this.#unsaved = checkpoint;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#save();
      },
      Math.max(0, this.#savedAt + EVERY_MS - performance.now()),
    );
  }

  /** Saves what is not saved yet. Rejects with the first error that there was. */
  close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#save();
    return this.#saving;
  }

  #save(): void {
    const checkpoint = this.#unsaved;
    if (!checkpoint) return;
    this.#unsaved = undefined;
    this.#savedAt = performance.now();
    // One after the other, or an older position could take the place of a newer one.
    this.#saving = this.#saving.then(() => writeCheckpoint(this.#path, checkpoint));
    this.#saving.catch(this.#onFailure);
  }
}
