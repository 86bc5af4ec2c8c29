// One random schedule: a writer that writes, cuts and replaces, a file system that lies, and a tail between them.
import type { FileSystemKind, ReopenPolicy, TailLine } from "../../src/index.ts";
import type { FakeFileSystem } from "../support/fake-file-system.ts";
import { PATH, type Rig, startRig } from "../support/rig.ts";
import { type Choices, choicesFrom } from "./random.ts";
import { Reference } from "./reference.ts";

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

interface Stage {
  readonly choices: Choices;
  readonly rig: Rig;
  readonly fs: FakeFileSystem;
  readonly reference: Reference;
  readonly log: string[];
  /** What the writer has not written of the text that it has begun. */
  rest: Buffer;
  generation: number;
  lineNumber: number;
  /** Whether the writer writes NUL bytes; the file system does not invent any then, as nobody could tell them apart. */
  readonly writesNuls: boolean;
  hadZeros: boolean;
}

const ELSEWHERE = "/volume/elsewhere.ndjson";
const ERRORS = ["ESTALE", "EIO", "EACCES", "ENOENT", "ETIMEDOUT", "EAGAIN"];
const CHARACTERS = ["a", "é", "漢", "😀", " ", "\r", '{"k":1}', "\u2028"];
const NULS = [...CHARACTERS, "\0", "\0\0\0"];

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

type Action = (stage: Stage) => void | Promise<void>;

function write(stage: Stage): void {
  const { choices, fs, reference } = stage;
  const lines = choices.integer(1, 4);
  const parts: string[] = [];
  for (let i = 0; i < lines; i++) {
    const length = choices.chance(0.05) ? choices.integer(500, 3000) : choices.integer(0, 40);
    // The first byte tells the generations apart, as a real file's first line would.
    const first = String.fromCharCode(0x61 + (stage.generation % 26));
    const text = Array.from({ length }, () => choices.pick(stage.writesNuls ? NULS : CHARACTERS)).join("");
    parts.push(`${first}${stage.lineNumber++}:${text}\n`);
  }
  const bytes = Buffer.concat([stage.rest, Buffer.from(parts.join(""))]);
  const written = choices.chance(0.5) ? bytes.length : choices.integer(1, bytes.length);
  stage.rest = bytes.subarray(written);
  fs.append(PATH, bytes.subarray(0, written));
  reference.append(bytes.subarray(0, written));
  stage.log.push(`write ${written}`);
}

async function wait({ choices, rig, log }: Stage): Promise<void> {
  const ms = choices.pick([1, 100, 250, 400, 1000, 3000]);
  log.push(`wait ${ms}`);
  await rig.advance(ms);
}

function wake({ rig }: Stage): void {
  rig.tail.wake();
}

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

/** The file is moved away and back, and may grow meanwhile. */
async function away(stage: Stage): Promise<void> {
  const { choices, fs, rig, reference, log } = stage;
  log.push("away");
  fs.rename(PATH, ELSEWHERE);
  await rig.advance(choices.integer(0, 5000));
  const more = Buffer.from(choices.chance(0.5) ? `${stage.rest}z${stage.lineNumber++}:while away\n` : "");
  if (more.length > 0) {
    stage.rest = Buffer.alloc(0);
    fs.append(ELSEWHERE, more);
    reference.append(more);
  }
  await rig.advance(choices.integer(0, 5000));
  fs.rename(ELSEWHERE, PATH);
  log.push("back");
}

async function errors({ choices, fs, rig, log }: Stage): Promise<void> {
  fs.lies.errors = Array.from({ length: choices.integer(1, 5) }, () => choices.pick(ERRORS));
  log.push(`errors ${fs.lies.errors.join(" ")}`);
  await rig.advance(choices.integer(0, 2000));
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

function heal({ fs, rig, log }: Stage): void {
  rig.pause(false);
  Object.assign(fs.lies, {
    size: undefined,
    errors: [],
    maxRead: Number.POSITIVE_INFINITY,
    nulFrom: Number.POSITIVE_INFINITY,
    nulTo: Number.POSITIVE_INFINITY,
    frozenHandles: false,
    visible: Number.POSITIVE_INFINITY,
  });
  log.push("heal");
}

async function truncate(stage: Stage): Promise<void> {
  // What was not read before a truncation is lost to everybody, so the tail gets the time to read it.
  heal(stage);
  await stage.rig.advance(12_000);
  stage.log.push("truncate");
  stage.fs.truncate(PATH);
  startOver(stage);
  if (stage.choices.chance(0.5)) write(stage);
  await stage.rig.advance(15_000);
}

async function replace(stage: Stage): Promise<void> {
  // A handle that was lost to an error cannot be read to its end once another file has the path.
  heal(stage);
  await stage.rig.advance(12_000);
  // Nor can a held handle that sees nothing new, which is the risk of `on-stale` on such a file system.
  if (stage.choices.chance(0.5) && !stage.log[0]!.endsWith("on-stale")) write(stage);
  stage.log.push("replace");
  stage.fs.replace(PATH, "");
  startOver(stage);
  if (stage.choices.chance(0.8)) write(stage);
  await stage.rig.advance(15_000);
}

/** Cuts the file at the end of a line, which looks like a stale view until it has lasted. */
async function cutBack(stage: Stage): Promise<void> {
  const { choices, fs, rig, reference, log } = stage;
  heal(stage);
  await rig.advance(12_000);
  const to = choices.pick([0, ...reference.lineEnds()]);
  if (to === 0 || to === reference.length) return;
  log.push(`cut to ${to}`);
  fs.truncate(PATH, to);
  reference.cut(to);
  stage.rest = Buffer.alloc(0);
  await rig.advance(75_000);
}

/** The file is deleted, and comes back as another one. */
async function remove(stage: Stage): Promise<void> {
  heal(stage);
  await stage.rig.advance(12_000);
  stage.log.push("remove");
  stage.fs.remove(PATH);
  startOver(stage);
  await stage.rig.advance(stage.choices.integer(0, 20_000));
  stage.log.push("return");
  stage.fs.append(PATH, "");
  write(stage);
  await stage.rig.advance(15_000);
}

function startOver(stage: Stage): void {
  stage.reference.startOver();
  stage.rest = Buffer.alloc(0);
  stage.generation++;
}

const EITHER: readonly Action[] = [
  write,
  write,
  write,
  wait,
  wait,
  wake,
  lieAboutSize,
  shortReads,
  errors,
  stall,
  goOn,
  restart,
];
/** What may happen on a local file system. */
const HONEST: readonly Action[] = [...EITHER, ...EITHER, truncate, cutBack, replace, remove, away];
/** What may happen on the others. */
const ACTIONS: readonly Action[] = [
  ...HONEST,
  zeros,
  zeros,
  staleView,
  staleView,
  frozenHandles,
  frozenHandles,
];
