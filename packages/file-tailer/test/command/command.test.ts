import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const COMMAND = fileURLToPath(new URL("../../src/command.ts", import.meta.url));

let folder: string;
let log: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "file-tailer-command-"));
  log = join(folder, "run.log");
});
afterEach(() => rm(folder, { recursive: true }));

interface Running {
  readonly child: ChildProcess;
  out(): Buffer;
  err(): string;
  /** Resolves once so many bytes were printed. */
  printed(bytes: number): Promise<void>;
  ended(): Promise<number | null>;
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const out: Buffer[] = [];
  const err: string[] = [];
  child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
  child.stderr.setEncoding("utf8").on("data", (text: string) => err.push(text));
  const closed = once(child, "close");
  const length = (): number => out.reduce((sum, part) => sum + part.length, 0);
  return {
    child,
    out: () => Buffer.concat(out),
    err: () => err.join(""),
    async printed(bytes) {
      for (let waited = 0; length() < bytes; waited += 20) {
        if (waited > 20_000) throw new Error(`only ${length()} bytes: ${err.join("")}`);
        await sleep(20);
      }
    },
    ended: async () => ((await closed) as [number | null])[0],
  };
}

describe("file-tailer FILE", () => {
  test("prints what is added, and its statistics when it is interrupted", async () => {
    await writeFile(log, "old\n");
    const running = start(log, "--checkpoint", join(folder, "checkpoint"));
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
});

describe("--checkpoint", () => {
  test("goes on after the last line, each once, when the command was ended by SIGTERM", async () => {
    const checkpoint = join(folder, "checkpoint");
    const printed: Buffer[] = [];
    for (let part = 0; part < 3; part++) {
      await appendFile(log, `a${part}\nb${part}\n`);
      const running = start(log, "--from-start", "--checkpoint", checkpoint);
      await running.printed(6);
      running.child.kill("SIGTERM");
      expect(await running.ended()).toBe(143);
      printed.push(running.out());
    }
    expect(Buffer.concat(printed).toString()).toBe("a0\nb0\na1\nb1\na2\nb2\n");
    expect((await stat(checkpoint)).mode & 0o777).toBe(0o600);
  });

  test("loses no line when the command was killed", async () => {
    const checkpoint = join(folder, "checkpoint");
    await writeFile(log, "one\n");
    const killed = start(log, "--from-start", "--checkpoint", checkpoint);
    await killed.printed(4);
    killed.child.kill("SIGKILL");
    await killed.ended();
    await appendFile(log, "two\n");
    const running = start(log, "--from-start", "--checkpoint", checkpoint, "--until-bytes", "8");
    expect(await running.ended()).toBe(0);
    expect(`${killed.out()}${running.out()}`).toContain("two\n");
    expect(running.out().toString()).toMatch(/^(one\n)?two\n$/);
  });

  test("of another file is refused, and kept", async () => {
    const checkpoint = join(folder, "checkpoint");
    await writeFile(log, "one\ntwo\n");
    await start(log, "--from-start", "--checkpoint", checkpoint, "--until-bytes", "8").ended();
    const before = await readFile(checkpoint, "utf8");
    await writeFile(log, "ONE\nTWO\n");
    const running = start(log, "--checkpoint", checkpoint);
    expect(await running.ended()).toBe(1);
    expect(running.err()).toMatch(/\[checkpoint_mismatch\].*delete the checkpoint/);
    expect(await readFile(checkpoint, "utf8")).toBe(before);
  });

  test("that is no checkpoint is refused before anything is printed", async () => {
    await writeFile(log, "one\n");
    await writeFile(join(folder, "checkpoint"), "{");
    const running = start(log, "--from-start", "--checkpoint", join(folder, "checkpoint"));
    expect(await running.ended()).toBe(1);
    expect(running.err()).toContain("Delete it to begin anew");
    expect(running.out()).toHaveLength(0);
  });

  test("that cannot be written ends the command with a sentence", async () => {
    await writeFile(log, "one\n");
    const running = start(log, "--from-start", "--checkpoint", join(folder, "none", "checkpoint"));
    expect(await running.ended()).toBe(1);
    expect(running.err()).toContain("Cannot write the checkpoint");
  });
});

describe("a wrong call", () => {
  test.each([
    { args: [], says: "one FILE is wanted, not 0" },
    { args: ["a", "b"], says: "one FILE is wanted, not 2" },
    { args: ["a", "--until-bytes", "1k"], says: '--until-bytes wants a number of bytes, not "1k"' },
    { args: ["a", "--follow"], says: "Unknown option '--follow'" },
  ])("$args ends with status 2 and the usage", async ({ args, says }) => {
    const running = start(...args);
    expect(await running.ended()).toBe(2);
    expect(running.err()).toContain(says);
    expect(running.err()).toContain("Usage: file-tailer FILE");
  });

  test("--help prints the usage", async () => {
    const running = start("--help");
    expect(await running.ended()).toBe(0);
    expect(running.out().toString()).toContain("--until-bytes N");
  });

  test("a directory is told", async () => {
    const running = start(folder);
    expect(await running.ended()).toBe(1);
    expect(running.err()).toContain("[not_a_file]");
  });
});
