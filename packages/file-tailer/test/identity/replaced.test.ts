import { describe, expect, test } from "vitest";
import { systemError } from "../support/fake-file-system.ts";
import { PATH, startRig } from "../support/rig.ts";

describe("another file at the path", () => {
  test.each(["on-stale", "always"] as const)(
    "is read from its start after the old one (%s)",
    async (reopen) => {
      const rig = await startRig({ reopen }, (fs) => fs.append(PATH, "old 1\nold 2\n"));
      rig.fs.append(PATH, "old 3\nold rest");
      rig.fs.replace(PATH, "new 1\nnew 2\n");
      await rig.advance(10_000);
      expect(rig.texts()).toEqual(["old 1", "old 2", "old 3", "old rest", "new 1", "new 2"]);
      expect(rig.lines[3]).toMatchObject({ start: 18, end: 26, terminated: false });
      expect(rig.lines[4]).toMatchObject({ start: 0, end: 6 });
      expect(rig.kinds()).toContain("replaced");
      expect(rig.fs.openHandles).toBe(1);
    },
  );

  test.each(["local", "network"] as const)(
    "that was replaced itself before the old one was left is read all the same (%s)",
    async (kind) => {
      const rig = await startRig({ reopen: "always" }, (fs) => {
        fs.fileSystemKind = kind;
        fs.append(PATH, "a1\n");
      });
      for (const name of ["b", "c", "d"]) {
        rig.fs.replace(PATH, `${name}1\n${name}2\n`);
        // Seen once: not yet believed.
        await rig.advance(250);
      }
      await rig.advance(20_000);
      expect(rig.texts()).toEqual(["a1", "b1", "b2", "c1", "c2", "d1", "d2"]);
      expect(rig.fs.openHandles).toBe(1);
    },
  );

  test("takes no more than 17 handles, however many follow each other", async () => {
    const rig = await startRig({ reopen: "always" }, (fs) => fs.append(PATH, "0\n"));
    rig.pause(true);
    rig.fs.append(PATH, "more\n");
    await rig.advance(250);
    let most = 0;
    rig.pause(false);
    for (let i = 1; i <= 60; i++) {
      rig.fs.replace(PATH, `${i}\n`);
      await rig.advance(100);
      most = Math.max(most, rig.fs.openHandles);
    }
    await rig.advance(60_000);
    expect(most).toBeLessThanOrEqual(18);
    expect(rig.texts().at(-1)).toBe("60");
    expect(rig.fs.openHandles).toBe(1);
  });

  test("is told by its content where the inode is used again", async () => {
    const rig = await startRig({ reopen: "always" }, (fs) => fs.append(PATH, "old 1\n"));
    const ino = rig.fs.inodeOf(PATH);
    rig.fs.remove(PATH);
    rig.fs.replace(PATH, "new 1\nnew 2\n", ino);
    await rig.advance(20_000);
    expect(rig.texts()).toEqual(["old 1", "new 1", "new 2"]);
  });

  test("is the same file if only the inode changed on a file system whose inodes mean nothing", async () => {
    const rig = await startRig({}, (fs) => {
      fs.fileSystemKind = "unknown";
      fs.append(PATH, "one\ntwo\n");
    });
    rig.fs.replace(PATH, "one\ntwo\nthree\n");
    await rig.advance(10_000);
    expect(rig.texts()).toEqual(["one", "two", "three"]);
  });

  test("does not make the tail forget what it has not read of the old one", async () => {
    const rig = await startRig({}, (fs) => {
      fs.fileSystemKind = "unknown";
      fs.append(PATH, "");
    });
    rig.fs.append(PATH, "written at last\n");
    rig.fs.replace(PATH, "new\n");
    await rig.advance(10_000);
    expect(rig.texts()).toEqual(["written at last", "new"]);
  });

  test("with the same inode, the same end and another beginning is told by its time of birth", async () => {
    const end = `${"=".repeat(80)}\n`;
    const rig = await startRig({}, (fs) => fs.append(PATH, `old\n${end}`));
    const ino = rig.fs.inodeOf(PATH);
    rig.fs.lies.errors = ["ESTALE"];
    rig.fs.replace(PATH, `new\n${end}`, ino);
    await rig.advance(10_000);
    expect(rig.texts()).toEqual(["old", end.trim(), "new", end.trim()]);
  });

  test("finish reads the new file too", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "old\n"));
    rig.fs.replace(PATH, "new\nrest");
    const result = rig.tail.finish();
    await rig.advance(5000);
    expect(rig.texts()).toEqual(["old", "new", "rest"]);
    expect((await result).complete).toBe(true);
  });
});

test("NULs in the rest of a replaced file are waited for once", async () => {
  const rig = await startRig({}, (fs) => {
    fs.fileSystemKind = "network";
    fs.append(PATH, "one\n");
  });
  await rig.advance(3000);
  rig.fs.append(PATH, "a\0b\n".repeat(2000));
  rig.fs.replace(PATH, "new\n");
  await rig.advance(12_000);
  expect(rig.lines).toHaveLength(2002);
  expect(rig.texts().at(-1)).toBe("new");
});

test("an error while a file at the path is compared leaves no handle open", async () => {
  const rig = await startRig({}, (fs) => {
    fs.fileSystemKind = "unknown";
    fs.append(PATH, "one\n");
  });
  rig.fs.replace(PATH, "one\ntwo\n");
  const open = rig.fs.open.bind(rig.fs);
  rig.fs.open = async (path) => {
    const handle = await open(path);
    rig.fs.open = open;
    return { ...handle, read: () => Promise.reject(systemError("EIO")) };
  };
  await rig.advance(5000);
  expect(rig.tail.stats().transientErrors).toBe(1);
  await rig.tail.stop();
  expect(rig.fs.openHandles).toBe(0);
});

test("a file that was at the path for one look only leaves no handle open", async () => {
  const rig = await startRig({ reopen: "always" }, (fs) => fs.append(PATH, "one\n"));
  rig.fs.rename(PATH, "aside");
  rig.fs.append(PATH, "other\n");
  await rig.advance(250);
  expect(rig.fs.openHandles).toBe(2);
  rig.fs.rename("aside", PATH);
  rig.fs.append(PATH, "two\n");
  await rig.advance(1000);
  expect(rig.texts()).toEqual(["one", "two"]);
  expect(rig.fs.openHandles).toBe(1);
});

test("another file with the same beginning is told by what comes before the offset where inodes mean nothing", async () => {
  const head = `${"=".repeat(300)}\n`;
  const rig = await startRig({}, (fs) => {
    fs.fileSystemKind = "unknown";
    fs.append(PATH, `${head}old 1\n`);
  });
  rig.fs.append(PATH, "old 2\n");
  rig.fs.replace(PATH, `${head}new 1\nnew 2\nnew 3\n`);
  await rig.advance(20_000);
  expect(rig.texts().slice(1)).toEqual(["old 1", "old 2", head.trim(), "new 1", "new 2", "new 3"]);
});

test("NULs of a file that took the place of one with a hole are held like those of the first", async () => {
  const rig = await startRig({}, (fs) => {
    fs.fileSystemKind = "network";
    fs.append(PATH, `${"a\0b\n".repeat(10)}`);
  });
  await rig.advance(6000);
  expect(rig.lines).toHaveLength(10);
  rig.fs.replace(PATH, `ne${"\0".repeat(7)}\n`);
  await rig.advance(4000);
  expect(rig.kinds().at(-1)).toBe("replaced");
  rig.fs.overwrite(PATH, 2, "xt line");
  await rig.advance(1000);
  expect(rig.texts().slice(10)).toEqual(["next line"]);
});
