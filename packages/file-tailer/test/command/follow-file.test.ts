import { EventEmitter } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followFile } from "../../src/command/follow-file.ts";
import { makePlace, type Place, start } from "./start-command.ts";

let place: Place;
beforeEach(async () => {
  place = await makePlace();
});
afterEach(() => place[Symbol.asyncDispose]());

test("a line whose write ends just after the signal counts as printed", async () => {
  await writeFile(place.log, "one\n");
  const signals = new EventEmitter();
  const write = async (): Promise<void> => {
    signals.emit("SIGTERM");
    await sleep(20);
  };
  const { log: file, checkpoint } = place;
  const request = { file, checkpoint, fromStart: true, untilBytes: undefined, json: false };
  const end = await followFile(request, { signals, output: { write }, stderr: { write: () => {} } });
  expect(end).toEqual({ signal: "SIGTERM", blocked: false });
  expect(JSON.parse(await readFile(checkpoint, "utf8"))).toMatchObject({ offset: 4 });
});

test("--until-bytes waits for its bytes as long as the writer takes", async () => {
  await writeFile(place.log, "one\n");
  const running = start(place.log, "--from-start", "--until-bytes", "8");
  await running.printed(4);
  await sleep(6000);
  await writeFile(place.log, "two\n", { flag: "a" });
  expect(await running.ended()).toBe(0);
  expect(running.out().toString()).toBe("one\ntwo\n");
});

test("a file that was never entered leaves no checkpoint", async () => {
  const signals = new EventEmitter();
  const { log: file, checkpoint } = place;
  const request = { file, checkpoint, fromStart: false, untilBytes: undefined, json: false };
  const output = { write: () => Promise.reject(new Error("nothing is to be written")) };
  const end = followFile(request, { signals, output, stderr: { write: () => {} } });
  await sleep(400);
  signals.emit("SIGTERM");
  expect(await end).toEqual({ signal: "SIGTERM", blocked: false });
  await expect(readFile(checkpoint)).rejects.toMatchObject({ code: "ENOENT" });
});
