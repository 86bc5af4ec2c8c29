import { describe, expect, test } from "vitest";
import type { Checkpoint, FileSystemKind, TailOptions } from "../../src/index.ts";
import { FakeFileSystem } from "../support/fake-file-system.ts";
import { holdReads } from "../support/hanging-reads.ts";
import { PATH, type Rig, startRig } from "../support/rig.ts";

const contents = Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join("");

async function checkpointOf(text: string): Promise<Checkpoint> {
  const rig = await startRig({}, (fs) => fs.append(PATH, text));
  return JSON.parse(JSON.stringify(rig.tail.checkpoint())) as Checkpoint;
}

describe("a checkpoint", () => {
  test("L20 lets another process go on after the last delivered line", async () => {
    const from = await checkpointOf(`${contents}half a li`);
    const rig = await startRig({ from }, (fs) => fs.append(PATH, `${contents}half a line\nmore\n`));
    expect(rig.texts()).toEqual(["half a line", "more"]);
    expect(rig.lines[0]!.start).toBe(contents.length);
  });

  test("of a tail that has delivered nothing begins at the start", async () => {
    const from = await checkpointOf("no newline yet");
    const rig = await startRig({ from }, (fs) => fs.append(PATH, "no newline yet\n"));
    expect(rig.texts()).toEqual(["no newline yet"]);
  });

  test("of another file is refused after a second look", async () => {
    const from = await checkpointOf(contents);
    const other = contents.replace("line 98", "LINE 98");
    const rig = await startRig({ from }, (fs) => fs.append(PATH, other));
    await rig.advance(250);
    expect(rig.failure()).toMatchObject({ code: "checkpoint_mismatch", offset: contents.length });
  });

  test("of a file with another beginning is refused", async () => {
    const from = await checkpointOf(contents);
    const rig = await startRig({ from }, (fs) => fs.append(PATH, contents.replace("line 1\n", "LINE 1\n")));
    await rig.advance(250);
    expect(rig.failure()).toMatchObject({ code: "checkpoint_mismatch" });
  });

  test("of another file begins at the start if asked to", async () => {
    const from = await checkpointOf(contents);
    const rig = await startRig({ from, checkpointMismatch: "start" }, (fs) =>
      fs.append(PATH, contents.toUpperCase()),
    );
    await rig.advance(250);
    expect(rig.lines).toHaveLength(100);
    expect(rig.lines[0]).toMatchObject({ text: "LINE 0", start: 0 });
  });

  test.each([
    { kind: "local", confirmMs: 1000 },
    { kind: "network", confirmMs: 10_000 },
  ] as const)(
    "of a longer file begins at the start if asked to, once that was seen for a while ($kind)",
    async ({ kind, confirmMs }) => {
      // Its beginning is that of the old one, so that only its length tells.
      const from = await checkpointOf(contents);
      const rig = await startRig({ from, checkpointMismatch: "start" }, (fs) => {
        fs.fileSystemKind = kind;
        fs.append(PATH, contents.slice(0, 70));
      });
      await rig.advance(confirmMs - 300);
      expect(rig.texts()).toEqual([]);
      await rig.advance(1000);
      expect(rig.texts()[0]).toBe("line 0");
    },
  );

  test("of a longer file with another beginning is told from it by two looks", async () => {
    const from = await checkpointOf(contents);
    const rig = await startRig({ from }, (fs) => fs.append(PATH, contents.toUpperCase().slice(0, 400)));
    await rig.advance(250);
    expect(rig.failure()).toMatchObject({ code: "checkpoint_mismatch" });
  });

  test("waits for a file system that shows less than was read before", async () => {
    const from = await checkpointOf(contents);
    const rig = await startRig({ from }, (fs) => {
      fs.append(PATH, `${contents}next\n`);
      fs.lies.visible = 200;
    });
    await rig.advance(10_000);
    rig.fs.lies.visible = Number.POSITIVE_INFINITY;
    await rig.advance(1000);
    expect(rig.texts()).toEqual(["next"]);
  });

  test("covers what the consumer got, not what a stop overtook", async () => {
    const fs = new FakeFileSystem();
    fs.append(PATH, "one\n");
    const rig = await startRig({ fileSystem: fs });
    const reads = holdReads(fs);
    fs.append(PATH, "two\n");
    fs.lies.errors = ["ESTALE"];
    await rig.advance(1000);
    const stopped = rig.tail.stop();
    reads.answer();
    await stopped;
    expect(rig.texts()).toEqual(["one"]);
    expect(rig.tail.checkpoint().offset).toBe(4);
  });

  test("made behind a hole holds when the hole is filled later", async () => {
    const from = await (async () => {
      const rig = await startRig({ nulHoldMs: 0 }, (fs) => fs.append(PATH, "a\0\0b\n"));
      return rig.tail.checkpoint();
    })();
    const rig = await startRig({ from }, (fs) => fs.append(PATH, "axyb\nnext\n"));
    expect(rig.texts()).toEqual(["next"]);
  });

  test("holds none of the text, and is small", async () => {
    const json = JSON.stringify(await checkpointOf("secret-token-1234567890\n"));
    expect(json).not.toContain("secret");
    expect(json.length).toBeLessThan(300);
  });
});

describe("a checkpoint that is taken before the file was entered", () => {
  test("is the one to resume from", async () => {
    const from = await checkpointOf(contents);
    const rig = await startRig({ from });
    expect(rig.tail.checkpoint()).toEqual(from);
  });

  test("of an offset is that offset", async () => {
    const { tail } = await startRig({ from: 7 });
    const rig = await startRig({ from: tail.checkpoint() }, (fs) => fs.append(PATH, contents));
    expect(rig.lines[0]).toMatchObject({ start: 7, text: "line 1" });
  });
});

describe("a checkpoint of a file that reads as NULs so far", () => {
  async function resumeAmongNuls(kind: FileSystemKind, options: TailOptions = {}): Promise<Rig> {
    const from = await checkpointOf(contents);
    return startRig({ ...options, from }, (fs) => {
      fs.fileSystemKind = kind;
      fs.append(PATH, `${contents}next\n`);
      fs.lies.nulFrom = 20;
    });
  }

  test("is resumed from once the bytes have arrived", async () => {
    const rig = await resumeAmongNuls("network");
    await rig.advance(10_000);
    rig.fs.lies.nulFrom = Number.POSITIVE_INFINITY;
    await rig.advance(1000);
    expect(rig.texts()).toEqual(["next"]);
  });

  test("is refused when they do not arrive in time", async () => {
    const rig = await resumeAmongNuls("network");
    await rig.advance(29_000);
    expect(rig.failure()).toBeUndefined();
    await rig.advance(1000);
    expect(rig.failure()).toMatchObject({ code: "checkpoint_mismatch" });
  });

  test("begins at the start then, if asked to", async () => {
    const rig = await resumeAmongNuls("network", { checkpointMismatch: "start", nulHoldMs: 0 });
    await rig.advance(31_000);
    expect(rig.lines[0]).toMatchObject({ text: "line 0", start: 0 });
  });

  test("is refused at once on a local file system", async () => {
    const rig = await resumeAmongNuls("local");
    await rig.advance(250);
    expect(rig.failure()).toMatchObject({ code: "checkpoint_mismatch" });
  });
});

test("a file that does not match at one look only is resumed from", async () => {
  const from = await checkpointOf(contents);
  let looks = 0;
  const rig = await startRig({ from }, (fs) => {
    fs.append(PATH, `${contents}next\n`);
    const open = fs.open.bind(fs);
    fs.open = (path) => {
      looks++;
      if (looks === 1) fs.overwrite(PATH, 0, "LINE");
      if (looks === 2) fs.overwrite(PATH, 0, "line");
      return open(path);
    };
  });
  await rig.advance(1000);
  expect(rig.failure()).toBeUndefined();
  expect(rig.texts()).toEqual(["next"]);
});

test("a position is taken in the file that is there by then, not in the one of the first look", async () => {
  const rig = await startRig({ from: 4 }, (fs) => fs.append(PATH, "on"));
  rig.fs.replace(PATH, "one\ntwo\n");
  await rig.advance(1000);
  expect(rig.lines).toMatchObject([{ text: "two", start: 4 }]);
  expect(rig.kinds()).not.toContain("replaced");
});
