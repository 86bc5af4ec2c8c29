// One random schedule: a writer that writes, cuts and replaces, a file system that lies, and a tail between them.
import type { FileSystemKind, ReopenPolicy, TailLine } from "../../src/index.ts";
import { startRig } from "../support/rig.ts";
import { CHANGES } from "./changes.ts";
import { LIES, REMOTE_LIES } from "./lies.ts";
import { choicesFrom } from "./random.ts";
import { READER } from "./reader.ts";
import { Reference } from "./reference.ts";
import { type Action, heal, write } from "./stage.ts";

/** What came of a schedule. */
export interface Played {
  readonly delivered: readonly TailLine[];
  readonly expected: readonly TailLine[];
  readonly complete: boolean;
  readonly failure: unknown;
  readonly openHandles: number;
  /** What was done, for people. */
  readonly log: readonly string[];
}

const EITHER: readonly Action[] = [write, write, write, ...READER, ...LIES];
/** What may happen on a local file system. */
const HONEST: readonly Action[] = [...EITHER, ...EITHER, ...CHANGES];
/** What may happen on the others. */
const ACTIONS: readonly Action[] = [...HONEST, ...REMOTE_LIES];

/** Plays the schedule of a seed. */
export async function playSchedule(seed: number): Promise<Played> {
  const choices = choicesFrom(seed);
  const kind = choices.pick<FileSystemKind>(["local", "network", "unknown"]);
  const reopen = choices.pick<ReopenPolicy>(["auto", "auto", "always", "on-stale"]);
  const rig = await startRig({ reopen, random: choices.fraction }, (fs) => {
    fs.fileSystemKind = kind;
  });
  const log = [`${kind} ${reopen}`];
  const reference = new Reference();
  const rest = Buffer.alloc(0);
  const writesNuls = choices.chance(0.2);
  const stage = {
    choices,
    rig,
    fs: rig.fs,
    reference,
    log,
    rest,
    generation: 0,
    lineNumber: 0,
    writesNuls,
    hadZeros: false,
  };
  await rig.advance(choices.integer(0, 3000));
  write(stage);
  const steps = choices.integer(5, 25);
  for (let i = 0; i < steps; i++) await choices.pick(kind === "local" ? HONEST : ACTIONS)(stage);
  heal(stage);
  const result = rig.tail.finish({ expectedBytes: reference.length, timeoutMs: 20_000 });
  await rig.advance(30_000);
  const ended = rig.failure() === null ? (await result).complete : false;
  const openHandles = rig.fs.openHandles;
  await rig.tail.stop();
  return {
    delivered: rig.lines,
    expected: reference.lines(),
    complete: ended,
    failure: rig.failure(),
    openHandles,
    log,
  };
}
