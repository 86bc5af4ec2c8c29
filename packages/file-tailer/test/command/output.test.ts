import { open, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePlace, type Place, start, startInto, until } from "./start-command.ts";

let place: Place;
beforeEach(async () => {
  place = await makePlace();
});
afterEach(() => place[Symbol.asyncDispose]());

describe("an output", () => {
  test("that nobody reads any more ends the command quietly", async () => {
    await writeFile(place.log, "line\n".repeat(500_000));
    const running = start(place.log, "--from-start");
    await running.printed(1);
    running.child.stdout?.destroy();
    expect(await running.ended()).toBe(0);
    expect(running.err()).not.toContain("EPIPE");
  });

  test("that is full ends the command with an error, and the checkpoint names no line of it", async () => {
    await writeFile(place.log, "line\n");
    await using full = await open("/dev/full", "w");
    const running = startInto(full.fd, place.log, "--from-start", "--checkpoint", place.checkpoint);
    expect(await running.ended()).toBe(1);
    expect(running.err()).toContain("Cannot write the output: ENOSPC");
    await using file = await open(place.checkpoint);
    expect(JSON.parse(await file.readFile("utf8"))).toMatchObject({ offset: 0 });
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "that blocks does not keep %s from ending the command",
    async (signal) => {
      await writeFile(place.log, "line\n".repeat(500_000));
      const running = startInto("unread", place.log, "--from-start", "--checkpoint", place.checkpoint);
      // A pipe takes 64 KiB; once they are written, the rest of the batch blocks.
      await until(() => (running.child.stdout?.readableLength ?? 0) > 0);
      await sleep(500);
      running.child.kill(signal);
      expect(await running.ended()).toBe(signal);
      expect(running.err()).toMatch(/lines, .* bytes, to byte/);
    },
  );
});
