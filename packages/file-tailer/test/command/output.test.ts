import { open, readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePlace, type Place, start, startWith, until } from "./start-command.ts";

let place: Place;
beforeEach(async () => {
  place = await makePlace();
});
afterEach(() => place[Symbol.asyncDispose]());

/** A pipe takes 64 KiB: who has written them, and no more for a second, waits for a reader. */
async function untilBlocked(pid: number): Promise<void> {
  let before = 0;
  await until(async () => {
    const written = Number(/^wchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, "utf8"))?.[1]);
    const isBlocked = written > 65_536 && written === before;
    before = written;
    if (!isBlocked) await sleep(1000);
    return isBlocked;
  });
}

describe("an output", () => {
  test("that nobody reads any more ends the command quietly", async () => {
    await writeFile(place.log, "line\n".repeat(500_000));
    const running = start(place.log, "--from-start");
    await running.printed(1);
    running.child.stdout?.destroy();
    expect(await running.ended()).toBe(0);
    expect(running.err()).not.toContain("EPIPE");
  });

  test("of notices that is full keeps neither lines nor checkpoint from being written", async () => {
    await writeFile(place.log, "one\ntwo\n");
    await using full = await open("/dev/full", "w");
    const args = [place.log, "--from-start", "--checkpoint", place.checkpoint, "--until-bytes", "8"];
    const running = startWith({ stderr: full.fd }, ...args);
    expect(await running.ended()).toBe(0);
    expect(running.out().toString()).toBe("one\ntwo\n");
    expect(JSON.parse(await readFile(place.checkpoint, "utf8"))).toMatchObject({ offset: 8 });
  });

  test("that is full ends the command with an error, and the checkpoint names no line of it", async () => {
    await writeFile(place.log, "line\n");
    await using full = await open("/dev/full", "w");
    const running = startWith(
      { stdout: full.fd },
      place.log,
      "--from-start",
      "--checkpoint",
      place.checkpoint,
    );
    expect(await running.ended()).toBe(1);
    expect(running.err()).toContain("Cannot write the output: ENOSPC");
    await using file = await open(place.checkpoint);
    expect(JSON.parse(await file.readFile("utf8"))).toMatchObject({ offset: 0 });
  });

  test.skipIf(process.platform !== "linux").each(["SIGINT", "SIGTERM"] as const)(
    "that blocks does not keep %s from ending the command",
    async (signal) => {
      await writeFile(place.log, "line\n".repeat(500_000));
      const running = startWith(
        { stdout: "unread" },
        place.log,
        "--from-start",
        "--checkpoint",
        place.checkpoint,
      );
      await untilBlocked(running.child.pid ?? 0);
      running.child.kill(signal);
      expect(await running.ended()).toBe(signal);
      expect(running.err()).toMatch(/lines, .* bytes, to byte/);
    },
  );
});
