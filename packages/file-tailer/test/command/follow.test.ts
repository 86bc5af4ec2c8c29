import { appendFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePlace, type Place, start, until } from "./start-command.ts";

let place: Place;
let log: string;
beforeEach(async () => {
  place = await makePlace();
  ({ log } = place);
});
afterEach(() => place[Symbol.asyncDispose]());

describe("file-tailer FILE", () => {
  test("prints what is added, and its statistics when it is interrupted", async () => {
    await writeFile(log, "old\n");
    const running = start(log, "--checkpoint", place.checkpoint);
    // The end that it begins at is known once the file was entered; from then on each line is printed.
    for (let i = 0; running.out().length === 0 && i < 100; i++) {
      await appendFile(log, `line ${i}\n`);
      await sleep(100);
    }
    running.child.kill("SIGINT");
    expect(await running.ended()).toBe(130);
    const lines = running.out().toString().trimEnd().split("\n");
    expect(lines).not.toContain("old");
    expect(running.err()).toMatch(new RegExp(`^${lines.length} lines, .* bytes, to byte`));
  });

  test("--from-start --until-bytes prints the file byte for byte and ends", async () => {
    const bytes = Buffer.concat([
      Buffer.from("é\r\n\n\0\n"),
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from("no newline"),
    ]);
    await writeFile(log, bytes.subarray(0, 4));
    const running = start(log, "--from-start", "--until-bytes", String(bytes.length));
    await running.printed(4);
    await appendFile(log, bytes.subarray(4));
    expect(await running.ended()).toBe(0);
    expect(running.out()).toEqual(bytes);
  });

  test("20 MB come out of a pipe as they are", async () => {
    const bytes = Buffer.from(`${"x".repeat(999)}\n`.repeat(20_000));
    await writeFile(log, bytes);
    const running = start(log, "--from-start", "--until-bytes", String(bytes.length));
    expect(await running.ended()).toBe(0);
    expect(running.out().equals(bytes)).toBe(true);
  });

  test("--json prints an object for each line", async () => {
    await writeFile(log, Buffer.concat([Buffer.from("one\n"), Buffer.from([0xff, 10]), Buffer.from("rest")]));
    const running = start(log, "--from-start", "--json", "--until-bytes", "10");
    expect(await running.ended()).toBe(0);
    const lines = running.out().toString().trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { text: "one", start: 0, end: 4, terminated: true },
      { text: "\ufffd", start: 4, end: 6, terminated: true, bytes: "/w==" },
      { text: "rest", start: 6, end: 10, terminated: false },
    ]);
    expect(JSON.parse(running.err())).toMatchObject({ lines: 3, bytes: 10, deliveredOffset: 10 });
  });

  test("ends quietly when nobody reads its output any more", async () => {
    await writeFile(log, "line\n".repeat(500_000));
    const running = start(log, "--from-start");
    await running.printed(1);
    running.child.stdout?.destroy();
    expect(await running.ended()).toBe(0);
    expect(running.err()).not.toContain("EPIPE");
  });

  test("says that the file is gone, once, and goes on when it is back", async () => {
    await writeFile(log, "one\n");
    const running = start(log, "--from-start");
    await running.printed(4);
    await rm(log);
    await until(() => running.err().includes("is gone: waiting for it to come back"));
    await sleep(1000);
    await writeFile(log, "two\n");
    await running.printed(8);
    running.child.kill("SIGTERM");
    expect(await running.ended()).toBe(143);
    expect(running.err().match(/is gone/g)).toHaveLength(1);
  });
});
