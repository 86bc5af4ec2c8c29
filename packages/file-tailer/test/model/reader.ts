// What the reader's side does.
import type { Action, Stage } from "./stage.ts";

async function wait({ choices, rig, log }: Stage): Promise<void> {
  const ms = choices.pick([1, 100, 250, 400, 1000, 3000]);
  log.push(`wait ${ms}`);
  await rig.advance(ms);
}

function wake({ rig }: Stage): void {
  rig.tail.wake();
}

/** The consumer takes its time. */
async function stall({ choices, rig, log }: Stage): Promise<void> {
  log.push("stall");
  rig.pause(true);
  await rig.advance(choices.integer(0, 2000));
}

function goOn({ rig }: Stage): void {
  rig.pause(false);
}

/** The reader's process ends, and another one resumes from the checkpoint. */
async function restart({ rig, log }: Stage): Promise<void> {
  log.push("restart");
  await rig.restart();
}

/** What happens to the reader, waiting twice as often as the rest. */
export const READER: readonly Action[] = [wait, wait, wake, stall, goOn, restart];
