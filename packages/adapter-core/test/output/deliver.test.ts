import { appendFile, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deliver } from "../../src/output/deliver.ts";
import { until } from "../support/until.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deliver-"));
  path = join(folder, "out");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type OnLog = Parameters<typeof deliver>[0]["onLog"];

/** A delivery of the file, and what came of it. */
function delivered(onLog: OnLog = async () => {}, onLine: (line: string) => void = () => {}) {
  const chunks: string[] = [];
  const lines: string[] = [];
  const delivery = deliver({
    path,
    stream: "stdout",
    onLog: async (stream, chunk) => {
      await onLog(stream, chunk);
      chunks.push(chunk);
    },
    onLine: (line) => {
      lines.push(line);
      onLine(line);
    },
  });
  const finish = (expectedBytes: number | null, timeoutMs = 500) =>
    delivery.finish({ expectedBytes, timeoutMs });
  return { chunks, lines, finish, stop: delivery.stop };
}

it("hands over each line as it was written, then to the reducer without its end", async () => {
  await writeFile(path, "one\ntwo\r\n\n");
  const { chunks, lines, finish } = delivered();
  expect(await finish(10)).toEqual({ complete: true, bytes: 10, lines: 3, problem: null });
  expect(chunks.join("")).toBe("one\ntwo\r\n\n");
  expect(lines).toHaveLength(3);
});

it("L8: a last line without an end is delivered without one", async () => {
  await writeFile(path, "one\ntwo");
  const { chunks, lines, finish } = delivered();
  expect(await finish(7)).toMatchObject({ complete: true, bytes: 7 });
  expect(chunks).toEqual(["one\n", "two"]);
  expect(lines).toEqual(["one", "two"]);
});

it("a long line comes in pieces that the host joins, and whole to the reducer", async () => {
  const line = "ä".repeat(20_000);
  await writeFile(path, `${line}\n`);
  const { chunks, lines, finish } = delivered();
  expect(await finish(40_001)).toMatchObject({ complete: true, bytes: 40_001 });
  expect(chunks).toHaveLength(3);
  expect(chunks.join("") === `${line}\n`).toBe(true);
  expect(lines).toEqual([line]);
});

it("waits for bytes that are promised and not there yet", async () => {
  await writeFile(path, "one\n");
  const { chunks, finish } = delivered();
  const end = finish(8, 10_000);
  await appendFile(path, "two\n");
  expect(await end).toMatchObject({ complete: true, bytes: 8 });
  expect(chunks).toEqual(["one\n", "two\n"]);
});

it("says so where promised bytes never come", async () => {
  await writeFile(path, "one\n");
  const { finish } = delivered();
  const end = await finish(8, 50);
  expect(end).toMatchObject({ complete: false, bytes: 4 });
  expect(end.problem).toMatch(/timeout|early|4/);
});

describe("L19", () => {
  it("a slow host gets line after line, never two at a time", async () => {
    await writeFile(path, Array.from({ length: 20 }, (_one, index) => `${index}\n`).join(""));
    let inFlight = 0;
    let most = 0;
    const { chunks, finish } = delivered(async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await pause(2);
      inFlight -= 1;
    });
    expect(await finish(50)).toMatchObject({ complete: true, lines: 20 });
    expect(chunks.join("")).toBe(Array.from({ length: 20 }, (_one, index) => `${index}\n`).join(""));
    expect(most).toBe(1);
  });

  it("a chunk that the host refuses once is offered again", async () => {
    await writeFile(path, "one\ntwo\nthree\n");
    let refusals = 0;
    const { chunks, finish } = delivered(async (_stream, chunk) => {
      if (chunk === "two\n" && refusals++ === 0) throw new Error("busy");
    });
    expect(await finish(14)).toEqual({ complete: true, bytes: 14, lines: 3, problem: null });
    expect(chunks).toEqual(["one\n", "two\n", "three\n"]);
  });

  it("a host that throws at once is one that refuses", async () => {
    await writeFile(path, "one\n");
    let offers = 0;
    const { finish } = delivered(() => {
      offers += 1;
      throw new Error("no log");
    });
    expect(await finish(4)).toMatchObject({ complete: false, problem: expect.stringContaining("no log") });
    expect(offers).toBe(3);
  });

  it("what the host refuses for good is said at the end, and the rest is delivered", async () => {
    await writeFile(path, "one\ntwo\nthree\n");
    const { chunks, lines, finish } = delivered(async (_stream, chunk) => {
      if (chunk === "two\n") throw new Error("disk of the host is full");
    });
    const end = await finish(14);
    expect(end).toMatchObject({ complete: false, bytes: 14 });
    expect(end.problem).toContain("disk of the host is full");
    expect(chunks).toEqual(["one\n", "three\n"]);
    expect(lines).toEqual(["one", "two", "three"]);
  });
});

it("a reducer that throws does not keep the rest from the host", async () => {
  await writeFile(path, "one\ntwo\nthree\n");
  const { chunks, finish } = delivered(undefined, (line) => {
    if (line === "two") throw new Error("cannot be parsed");
  });
  const end = await finish(14);
  expect(chunks).toEqual(["one\n", "two\n", "three\n"]);
  expect(end).toMatchObject({ complete: false, problem: expect.stringContaining("cannot be parsed") });
});

describe("K4: a link in the place of the log", () => {
  it("is not followed, and is said", async () => {
    const secret = join(folder, "environ");
    await writeFile(secret, "DATABASE_URL=postgres://secret\n");
    await symlink(secret, path);
    const { chunks, finish } = delivered();
    const end = await finish(31, 100);
    expect(chunks).toEqual([]);
    expect(end).toMatchObject({ complete: false, bytes: 0 });
    expect(end.problem).toBe(`Cannot read ${path}: ELOOP`);
  });

  it("that comes later is not followed either", async () => {
    const secret = join(folder, "environ");
    await writeFile(secret, "DATABASE_URL=postgres://secret\n");
    await writeFile(path, "one\n");
    const { chunks, finish } = delivered();
    await until("the first line", () => chunks.length === 1);
    await rm(path);
    await symlink(secret, path);
    expect(await finish(35, 100)).toMatchObject({ complete: false });
    expect(chunks).toEqual(["one\n"]);
  });
});

it("stop() ends at once, and a file that was never there is no loss then", async () => {
  const { stop, chunks } = delivered();
  expect(await stop()).toEqual({ complete: true, bytes: 0, lines: 0, problem: null });
  expect(chunks).toEqual([]);
});
