import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeCheckpoint } from "../../src/command/checkpoint-file.ts";
import { CheckpointKeeper } from "../../src/command/keep-checkpoint.ts";
import { checkpointBefore } from "../../src/identity/checkpoint.ts";
import { makePlace, type Place } from "./start-command.ts";

let place: Place;
beforeEach(async () => {
  place = await makePlace();
});
afterEach(() => place[Symbol.asyncDispose]());

test("a checkpoint is whole at every moment", async () => {
  const { checkpoint } = place;
  await writeCheckpoint(checkpoint, checkpointBefore(0));
  let writing = true;
  const written = (async () => {
    for (let offset = 0; offset < 100; offset++) await writeCheckpoint(checkpoint, checkpointBefore(offset));
    writing = false;
  })();
  let looks = 0;
  for (; writing; looks++)
    expect(JSON.parse(await readFile(checkpoint, "utf8"))).toMatchObject({ version: 1 });
  await written;
  expect(looks).toBeGreaterThan(10);
});

test("a checkpoint that cannot be put in its place leaves nothing half-made", async () => {
  await mkdir(place.checkpoint);
  await expect(writeCheckpoint(place.checkpoint, checkpointBefore(1))).rejects.toThrow(
    /Cannot write the checkpoint .* Name a folder that you may write to/,
  );
  expect(await readdir(place.folder)).toEqual(["checkpoint"]);
});

test("a checkpoint is written once a second at most, however often it moves, and its last position at the end", async () => {
  const keeper = new CheckpointKeeper(place.checkpoint, () => {});
  const times = new Set<bigint>();
  for (let offset = 1; offset <= 80; offset++) {
    keeper.note(checkpointBefore(offset));
    await sleep(5);
    const seen = await stat(place.checkpoint, { bigint: true }).catch(() => undefined);
    if (seen) times.add(seen.mtimeNs);
  }
  // A machine that stands still for a moment lets a second pass.
  expect(times.size).toBeLessThanOrEqual(3);
  await keeper.close();
  expect(JSON.parse(await readFile(place.checkpoint, "utf8"))).toMatchObject({ offset: 80 });
});
