import { describe, expect, test } from "vitest";
import { PATH, startRig } from "../support/rig.ts";

describe("a file that was cut", () => {
  test("is read from its start when it was emptied, and nothing before that is lost", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\ntwo\nrest"));
    rig.fs.truncate(PATH);
    await rig.advance(5000);
    expect(rig.texts()).toEqual(["one", "two", "rest"]);
    rig.fs.append(PATH, "new\n");
    await rig.advance(1000);
    expect(rig.lines.at(-1)).toEqual({ text: "new", start: 0, end: 4, terminated: true });
    expect(rig.tail.stats().truncations).toBe(1);
  });

  test("is believed only after fresh opens have shown it for a while", async () => {
    const rig = await startRig({}, (fs) => {
      fs.fileSystemKind = "network";
      fs.append(PATH, "one\n");
    });
    rig.fs.truncate(PATH);
    await rig.advance(9000);
    expect(rig.tail.stats().truncations).toBe(0);
    await rig.advance(3000);
    expect(rig.tail.stats().truncations).toBe(1);
  });

  test("is not believed of a held handle, which only asks for fresh ones", async () => {
    const rig = await startRig({ truncationConfirmMs: 500 }, (fs) => fs.append(PATH, "one\n"));
    rig.fs.truncate(PATH);
    await rig.advance(999);
    expect(rig.tail.stats().truncations).toBe(0);
    await rig.advance(1);
    expect(rig.tail.stats().truncations).toBe(1);
  });

  test.each([
    { kind: "local", awayMs: 300 },
    { kind: "network", awayMs: 500 },
  ] as const)(
    "for a moment only ($kind), and again and again, is the file that it was",
    async ({ kind, awayMs }) => {
      const rig = await startRig({ reopen: "always" }, (fs) => {
        fs.fileSystemKind = kind;
        fs.append(PATH, "one\ntwo\n");
      });
      for (let i = 0; i < 6; i++) {
        rig.fs.lies.visible = 0;
        await rig.advance(awayMs);
        rig.fs.lies.visible = Number.POSITIVE_INFINITY;
        await rig.advance(4000);
      }
      expect(rig.tail.stats().truncations).toBe(0);
      expect(rig.texts()).toEqual(["one", "two"]);
    },
  );

  test("to a beginning of itself is not entered where a wrong size says that it ends", async () => {
    const rig = await startRig({ staleViewMs: 1000 }, (fs) => {
      fs.fileSystemKind = "network";
      fs.append(PATH, "one\ntwo\nthree\n");
    });
    rig.fs.truncate(PATH, 8);
    rig.fs.lies.size = () => 2;
    await rig.advance(10_000);
    rig.fs.lies.size = undefined;
    await rig.advance(10_000);
    rig.fs.append(PATH, "new\n");
    await rig.advance(10_000);
    expect(rig.texts()).toEqual(["one", "two", "three", "new"]);
  });

  test("or rewritten is not believed after one look", async () => {
    const rig = await startRig({ reopen: "always" }, (fs) => fs.append(PATH, "one\ntwo\n"));
    rig.fs.overwrite(PATH, 0, "ONE");
    await rig.advance(250);
    rig.fs.overwrite(PATH, 0, "one");
    rig.fs.append(PATH, "three\n");
    await rig.advance(1000);
    expect(rig.texts()).toEqual(["one", "two", "three"]);
  });

  test("is told by its content when it has grown past the offset again", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\ntwo\n"));
    rig.fs.truncate(PATH);
    rig.fs.append(PATH, "uno\ndos\ntres\ncuatro\n");
    await rig.advance(5000);
    expect(rig.texts()).toEqual(["one", "two", "uno", "dos", "tres", "cuatro"]);
  });

  test("to a beginning of itself goes on there, without repeating what was delivered", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\ntwo\nthree\n"));
    rig.fs.truncate(PATH, 4);
    await rig.advance(5000);
    rig.fs.append(PATH, "new\n");
    await rig.advance(1000);
    expect(rig.texts()).toEqual(["one", "two", "three", "new"]);
    expect(rig.events).toContainEqual({ kind: "truncated", offset: 14, to: 4 });
  });
});

test.each(["local", "network"] as const)(
  "a %s file that was cut and has outgrown the offset while the consumer took its time is not glued together",
  async (kind) => {
    const old = Array.from({ length: 100 }, (_, i) => `old ${i} ${"o".repeat(50)}`);
    const young = Array.from({ length: 200 }, (_, i) => `young ${i} ${"y".repeat(50 + (i % 7))}`);
    const rig = await startRig();
    rig.fs.fileSystemKind = kind;
    rig.pause(true);
    rig.fs.append(PATH, old.map((text) => `${text}\n`).join(""));
    await rig.advance(5000);
    rig.fs.truncate(PATH);
    rig.fs.append(PATH, young.map((text) => `${text}\n`).join(""));
    rig.pause(false);
    await rig.advance(30_000);
    const before = rig.texts().length - young.length;
    expect(before).toBeGreaterThan(0);
    // The last of the old lines may have been read in part: that is told by its missing newline.
    const whole = rig.lines.slice(0, before).filter(({ terminated }) => terminated);
    expect(whole.map(({ text }) => text)).toEqual(old.slice(0, whole.length));
    expect(rig.texts().slice(before)).toEqual(young);
  },
);

test("a local file that was cut while its writer kept its place is read anew, zeros and all", async () => {
  const rig = await startRig({}, (fs) => fs.append(PATH, "one\ntwo\n"));
  rig.fs.overwrite(PATH, 0, "\0".repeat(8));
  rig.fs.append(PATH, "three\n");
  await rig.advance(5000);
  expect(rig.texts()).toEqual(["one", "two", `${"\0".repeat(8)}three`]);
  expect(rig.kinds()).toContain("truncated");
});

test("zeros where text was do not hide another beginning", async () => {
  const rig = await startRig({}, (fs) => {
    fs.fileSystemKind = "network";
    fs.append(PATH, `old ${"x".repeat(100)}\n`);
  });
  rig.fs.truncate(PATH);
  rig.fs.append(PATH, `new\n${"\0".repeat(46)}\n`);
  await rig.advance(20_000);
  expect(rig.texts().slice(1)).toEqual(["new", "\0".repeat(46)]);
});

test("a beginning of itself, size and all, is a stale view of a network file system for a minute", async () => {
  const rig = await startRig({}, (fs) => {
    fs.fileSystemKind = "network";
    fs.append(PATH, "one\ntwo\nthree\n");
  });
  rig.fs.lies.visible = 8;
  rig.fs.lies.size = () => 8;
  await rig.advance(55_000);
  rig.fs.lies.visible = Number.POSITIVE_INFINITY;
  rig.fs.lies.size = undefined;
  rig.fs.append(PATH, "four\n");
  await rig.advance(5000);
  expect(rig.texts()).toEqual(["one", "two", "three", "four"]);
  expect(rig.tail.stats().truncations).toBe(0);
});

test.each([
  { what: "all of it", from: 0, to: Number.POSITIVE_INFINITY },
  { what: "its beginning", from: 0, to: 4 },
  { what: "what was read last", from: 394, to: Number.POSITIVE_INFINITY },
])("zeros in place of $what say nothing, however long, of a network file system", async ({ from, to }) => {
  const old = Array.from({ length: 40 }, (_, i) => `line ${1000 + i}`);
  const rig = await startRig({}, (fs) => {
    fs.fileSystemKind = "network";
    fs.append(PATH, old.map((text) => `${text}\n`).join(""));
  });
  const honest = { ...rig.fs.lies };
  const zeros = { nulFrom: from, nulTo: to };
  for (const lies of [{ ...zeros, visible: 398, size: () => 398 }, zeros]) {
    Object.assign(rig.fs.lies, lies);
    await rig.advance(150_000);
    Object.assign(rig.fs.lies, { size: undefined, ...honest });
    await rig.advance(30_000);
  }
  rig.fs.append(PATH, "new\n");
  await rig.advance(5000);
  expect(rig.texts()).toEqual([...old, "new"]);
  expect(rig.tail.stats().truncations).toBe(0);
});

test("what a later read of a round shows counts for no look, since its handle is not fresh", async () => {
  const old = Array.from({ length: 100 }, (_, i) => `line ${i} ${"x".repeat(50)}`);
  const rig = await startRig({ reopen: "always" }, (fs) => fs.append(PATH, "first\n"));
  rig.pause(true);
  rig.fs.append(PATH, old.map((text) => `${text}\n`).join(""));
  await rig.advance(250);
  // Another text, until one fresh look has seen it.
  rig.fs.overwrite(PATH, 0, "FIRST");
  // What was read last by then; what comes behind it stays as it is.
  rig.fs.overwrite(PATH, 1920, "#".repeat(64));
  rig.pause(false);
  await rig.advance(240);
  const shown = rig.texts().length;
  await rig.advance(60);
  rig.fs.overwrite(PATH, 0, "first");
  const text = `first\n${old.map((one) => `${one}\n`).join("")}`;
  rig.fs.overwrite(PATH, 1920, text.slice(1920, 1984));
  await rig.advance(5000);
  expect(shown).toBeLessThan(100);
  expect(rig.tail.stats().truncations).toBe(0);
  expect(rig.texts()).toEqual(["first", ...old]);
});

test("a shorter file that reads as empty at the last look is not taken for an emptied one", async () => {
  const rig = await startRig({}, (fs) => {
    fs.fileSystemKind = "network";
    fs.append(PATH, "one\ntwo\nthree\n");
  });
  const open = rig.fs.open.bind(rig.fs);
  rig.fs.open = async (path) => {
    const file = await open(path);
    // Where it is to end, by its size, nothing can be read either.
    const read: typeof file.read = async (...args) => (args[2] === 1 ? 0 : file.read(...args));
    return { ...file, read };
  };
  Object.assign(rig.fs.lies, { visible: 8, size: () => 0 });
  await rig.advance(70_000);
  Object.assign(rig.fs.lies, { visible: Number.POSITIVE_INFINITY, size: undefined });
  rig.fs.open = open;
  rig.fs.append(PATH, "four\n");
  await rig.advance(5000);
  expect(rig.texts()).toEqual(["one", "two", "three", "four"]);
});
