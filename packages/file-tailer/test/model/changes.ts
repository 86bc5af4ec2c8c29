// What becomes of the file: cut, replaced, moved, deleted.
import { PATH } from "../support/rig.ts";
import { type Action, heal, type Stage, startOver, write } from "./stage.ts";

const ELSEWHERE = "/volume/elsewhere.ndjson";

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
  const { truncations } = rig.tail.stats();
  fs.truncate(PATH, to);
  reference.cut(to);
  stage.rest = Buffer.alloc(0);
  await until(stage, 75_000, () => rig.tail.stats().truncations > truncations);
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

/** Lets time pass until the reader is that far, within a bound that it must keep. */
async function until({ rig }: Stage, ms: number, isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo() && waited < ms; waited += 50) await rig.advance(50);
}

/** A file that takes the name is seen once, and is replaced itself before anybody has believed in it. */
async function replaceTwice(stage: Stage): Promise<void> {
  const { choices, fs, rig, log } = stage;
  // Where identities mean nothing, one file more cannot be told from one less.
  if (fs.fileSystemKind === "unknown") return;
  heal(stage);
  await rig.advance(12_000);
  const times = choices.integer(1, 4);
  const wanted = rig.tail.stats().replacements + times;
  for (let i = 0; i < times; i++) {
    log.push("replace, to be replaced");
    fs.replace(PATH, "");
    startOver(stage);
    write(stage);
    // What nobody has opened is lost to everybody.
    await until(stage, 20_000, () => fs.wasOpened(PATH));
  }
  await until(stage, 60_000, () => {
    const { replacements, offset } = rig.tail.stats();
    return replacements >= wanted && offset >= stage.reference.length;
  });
}

/** The file is emptied and written anew between two operations of a reader that belong together. */
async function truncateWithin(stage: Stage): Promise<void> {
  const { choices, fs, rig, log } = stage;
  heal(stage);
  await rig.advance(12_000);
  let done = false;
  const happen = (): void => {
    done = true;
    log.push("truncate within");
    fs.truncate(PATH);
    startOver(stage);
    write(stage);
    write(stage);
  };
  fs.afterOperations(choices.integer(0, 6), happen);
  await rig.advance(choices.integer(1000, 5000));
  // A local file that does not change is not read at all.
  fs.afterOperations(0, () => {});
  if (!done) happen();
  await rig.advance(15_000);
}

/** All of them. */
export const CHANGES: readonly Action[] = [
  truncate,
  truncateWithin,
  cutBack,
  replace,
  replaceTwice,
  remove,
  away,
];
