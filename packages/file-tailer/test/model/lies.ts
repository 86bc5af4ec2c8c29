// What the file system says that is not so, and the errors that it gives.
import type { Action, Stage } from "./stage.ts";
import { heal } from "./stage.ts";

const ERRORS = ["ESTALE", "EIO", "EACCES", "ENOENT", "ETIMEDOUT", "EAGAIN"];

function lieAboutSize({ choices, fs, log }: Stage): void {
  const lie = choices.integer(0, 400);
  const lies = [
    () => lie,
    (size: number) => Math.max(0, size - lie),
    (size: number) => size + lie,
    // Late by more or less each time, so that it goes backwards too.
    (size: number) => choices.integer(0, size),
    undefined,
  ];
  fs.lies.size = choices.pick(lies);
  log.push(`size lie ${lie}`);
}

function shortReads({ choices, fs, log }: Stage): void {
  fs.lies.maxRead = choices.pick([1, 7, 100, Number.POSITIVE_INFINITY]);
  log.push(`reads of ${fs.lies.maxRead}`);
}

async function errors({ choices, fs, rig, log }: Stage): Promise<void> {
  fs.lies.errors = Array.from({ length: choices.integer(1, 5) }, () => choices.pick(ERRORS));
  log.push(`errors ${fs.lies.errors.join(" ")}`);
  await rig.advance(choices.integer(0, 2000));
}

/** Zeros from somewhere on, or for some bytes only, for less than the hold. */
async function zeros(stage: Stage): Promise<void> {
  const { choices, fs, rig, reference, writesNuls, log } = stage;
  if (writesNuls) return;
  // A reader that waits after an error does not see that earlier zeros were filled: to it these are the same ones.
  if (stage.hadZeros) heal(stage);
  if (stage.hadZeros) await rig.advance(6000);
  stage.hadZeros = true;
  fs.lies.nulFrom = Math.max(0, reference.length - choices.integer(0, 60));
  fs.lies.nulTo = choices.chance(0.5) ? Number.POSITIVE_INFINITY : fs.lies.nulFrom + choices.integer(1, 60);
  log.push(`zeros from ${fs.lies.nulFrom} to ${fs.lies.nulTo}`);
  await rig.advance(choices.integer(0, 3500));
  fs.lies.nulFrom = Number.POSITIVE_INFINITY;
  await rig.advance(300);
}

/** Fresh handles that see an old end of the file, for less than it takes to believe in a truncation. */
async function staleView({ choices, fs, rig, reference, log }: Stage): Promise<void> {
  fs.lies.visible = choices.integer(0, reference.length);
  log.push(`visible ${fs.lies.visible}`);
  await rig.advance(choices.integer(0, 6000));
  fs.lies.visible = Number.POSITIVE_INFINITY;
  await rig.advance(3000);
}

function frozenHandles({ choices, fs, log }: Stage): void {
  fs.lies.frozenHandles = choices.chance(0.5);
  log.push(`frozen ${fs.lies.frozenHandles}`);
}

/** Lies that any file system may tell. */
export const LIES: readonly Action[] = [lieAboutSize, shortReads, errors];
/** Those of file systems that are not local. */
export const REMOTE_LIES: readonly Action[] = [
  zeros,
  zeros,
  staleView,
  staleView,
  frozenHandles,
  frozenHandles,
];
