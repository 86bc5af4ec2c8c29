import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openOutput } from "../../src/command/output.ts";
import {
  makePlace,
  type Outputs,
  type Place,
  type Running,
  start,
  startWith,
  until,
} from "./start-command.ts";

let place: Place;
beforeEach(async () => {
  place = await makePlace();
});
afterEach(() => place[Symbol.asyncDispose]());

/** Prints all of the file, and keeps a checkpoint. */
function startKeeping(outputs: Outputs, ...more: string[]): Running {
  return startWith(outputs, place.log, "--from-start", "--checkpoint", place.checkpoint, ...more);
}

/** Who has written so much, and no more for a second, waits for a reader: a pipe takes 64 KiB, a socket more. */
async function untilBlocked(pid: number, least = 65_536): Promise<void> {
  let before = 0;
  await until(async () => {
    const written = Number(/^wchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, "utf8"))?.[1]);
    const isBlocked = written > least && written === before;
    before = written;
    if (!isBlocked) await sleep(1000);
    return isBlocked;
  });
}

/** A pipe of the system, open at both ends, which never blocks the test. */
async function openPipe(): Promise<FileHandle> {
  const fifo = join(place.folder, "fifo");
  execFileSync("mkfifo", [fifo]);
  return open(fifo, constants.O_RDWR | constants.O_NONBLOCK);
}

/** What is in the pipe now. */
async function readAll(pipe: FileHandle): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (;;) {
    const part = await pipe.read(Buffer.alloc(65_536), 0, 65_536, null).catch((error) => {
      if (error.code === "EAGAIN") return undefined;
      throw error;
    });
    if (!part) return Buffer.concat(parts);
    parts.push(part.buffer.subarray(0, part.bytesRead));
  }
}

test.skipIf(process.platform === "win32")(
  "a pipe that does not block takes all bytes, piece by piece",
  async () => {
    await using pipe = await openPipe();
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    let isWritten = false;
    const written = openOutput(pipe.fd)
      .write(bytes)
      .then(() => {
        isWritten = true;
      });
    const read: Buffer[] = [];
    while (!isWritten) {
      await sleep(5);
      read.push(await readAll(pipe));
    }
    await written;
    read.push(await readAll(pipe));
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
  },
);

test.skipIf(process.platform !== "linux")(
  "a checkpoint names no line that a blocked output has not taken",
  async () => {
    await writeFile(place.log, "line\n".repeat(500_000));
    await using pipe = await openPipe();
    // Opened anew, since the child's end is to block.
    await using end = await open(join(place.folder, "fifo"), constants.O_RDWR);
    const running = startKeeping({ stdout: end.fd });
    await untilBlocked(running.child.pid ?? 0, 32_768);
    running.child.kill("SIGTERM");
    expect(await running.ended()).toBe("SIGTERM");
    const taken = await readAll(pipe);
    const { offset } = JSON.parse(await readFile(place.checkpoint, "utf8")) as { offset: number };
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThanOrEqual(taken.length);
  },
);

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
    const running = startKeeping({ stderr: full.fd }, "--until-bytes", "8");
    expect(await running.ended()).toBe(0);
    expect(running.out().toString()).toBe("one\ntwo\n");
    expect(JSON.parse(await readFile(place.checkpoint, "utf8"))).toMatchObject({ offset: 8 });
  });

  test("that is full ends the command with an error, and the checkpoint names no line of it", async () => {
    await writeFile(place.log, "line\n");
    await using full = await open("/dev/full", "w");
    const running = startKeeping({ stdout: full.fd });
    expect(await running.ended()).toBe(1);
    expect(running.err()).toContain("Cannot write the output: ENOSPC");
    await using file = await open(place.checkpoint);
    expect(JSON.parse(await file.readFile("utf8"))).toMatchObject({ offset: 0 });
  });

  test.skipIf(process.platform !== "linux").each(["SIGINT", "SIGTERM"] as const)(
    "that blocks does not keep %s from ending the command",
    async (signal) => {
      await writeFile(place.log, "line\n".repeat(500_000));
      const running = startKeeping({ stdout: "unread" });
      await untilBlocked(running.child.pid ?? 0);
      running.child.kill(signal);
      expect(await running.ended()).toBe(signal);
      expect(running.err()).toMatch(/lines, .* bytes, to byte/);
    },
  );
});
