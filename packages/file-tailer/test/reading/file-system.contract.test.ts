// What the fake file system says without lies must be what the real one says.
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type FileSystem, nodeFileSystem } from "../../src/index.ts";
import { FakeFileSystem } from "../support/fake-file-system.ts";

interface Subject {
  readonly fileSystem: FileSystem;
  readonly path: string;
  append(data: string): Promise<void>;
  truncate(length: number): Promise<void>;
  replace(data: string): Promise<void>;
  remove(): Promise<void>;
}

const directories: string[] = [];
afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true });
});

async function real(): Promise<Subject> {
  const directory = await mkdtemp(join(tmpdir(), "file-tailer-"));
  directories.push(directory);
  const path = join(directory, "file");
  return {
    fileSystem: nodeFileSystem,
    path,
    append: (data) => appendFile(path, data),
    truncate: (length) => truncate(path, length),
    replace: async (data) => {
      await writeFile(`${path}.new`, data);
      await rename(`${path}.new`, path);
    },
    remove: () => rm(path),
  };
}

async function fake(): Promise<Subject> {
  const fileSystem = new FakeFileSystem();
  const path = "/file";
  return {
    fileSystem,
    path,
    append: async (data) => fileSystem.append(path, data),
    truncate: async (length) => fileSystem.truncate(path, length),
    replace: async (data) => fileSystem.replace(path, data),
    remove: async () => fileSystem.remove(path),
  };
}

async function readAll(subject: Subject, position = 0): Promise<string> {
  const file = await subject.fileSystem.open(subject.path);
  const buffer = Buffer.alloc(64);
  const bytes = await file.read(buffer, 2, 20, position);
  await file.close();
  return buffer.toString("latin1", 2, 2 + bytes);
}

describe.each([
  ["node:fs", real],
  ["the fake file system", fake],
])("%s", (_name, make) => {
  test("a glance at a path is the same until the file changes, and tells another file", async () => {
    const { fileSystem, path, append, replace } = await make();
    await append("one");
    const before = fileSystem.glance!(path)!;
    expect(before).toMatchObject(await fileSystem.stat(path));
    expect(before.size).toBe(3);
    expect(fileSystem.glance!(path)).toEqual(before);
    await append("two");
    expect(fileSystem.glance!(path)?.size).toBe(6);
    expect(fileSystem.glance!(path)?.changedMs).toBeGreaterThanOrEqual(before.changedMs);
    await replace("another");
    expect(fileSystem.glance!(path)?.ino).not.toBe(before.ino);
  });

  test("a glance at a path without a file says nothing", async () => {
    const { fileSystem, path } = await make();
    expect(fileSystem.glance!(path)).toBeUndefined();
  });

  test("rejects with ENOENT where there is no file", async () => {
    const { fileSystem, path } = await make();
    await expect(fileSystem.stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(fileSystem.open(path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("reads at a position into the buffer at an offset, and nothing behind the end", async () => {
    const subject = await make();
    await subject.append("0123456789");
    expect(await readAll(subject)).toBe("0123456789");
    expect(await readAll(subject, 7)).toBe("789");
    expect(await readAll(subject, 10)).toBe("");
    expect(await readAll(subject, 99)).toBe("");
  });

  test("shows an open handle what is appended and what is cut", async () => {
    const subject = await make();
    await subject.append("one");
    const file = await subject.fileSystem.open(subject.path);
    await subject.append("two");
    expect(await file.read(Buffer.alloc(9), 0, 9, 0)).toBe(6);
    expect((await file.stat()).size).toBe(6);
    await subject.truncate(2);
    expect(await file.read(Buffer.alloc(9), 0, 9, 0)).toBe(2);
    await file.close();
  });

  test("keeps identity over appends and cuts, and changes it for another file", async () => {
    const subject = await make();
    await subject.append("one");
    const before = await subject.fileSystem.stat(subject.path);
    await subject.append("two");
    await subject.truncate(1);
    const same = await subject.fileSystem.stat(subject.path);
    await subject.replace("other");
    const other = await subject.fileSystem.stat(subject.path);
    expect(same).toMatchObject({ isFile: true, dev: before.dev, ino: before.ino, size: 1 });
    expect(other.ino).not.toBe(before.ino);
  });

  test("lets a handle read a file that was replaced or deleted", async () => {
    const subject = await make();
    await subject.append("old");
    const file = await subject.fileSystem.open(subject.path);
    await subject.replace("newer");
    await subject.remove();
    expect(await file.read(Buffer.alloc(9), 0, 9, 0)).toBe(3);
    await file.close();
  });

  test("rejects with EBADF after the close", async () => {
    const subject = await make();
    await subject.append("old");
    const file = await subject.fileSystem.open(subject.path);
    await file.close();
    await expect(file.read(Buffer.alloc(9), 0, 9, 0)).rejects.toMatchObject({ code: "EBADF" });
  });

  test("names a kind of file system", async () => {
    const subject = await make();
    await subject.append("x");
    expect(["local", "network", "unknown"]).toContain(await subject.fileSystem.kind(subject.path));
  });
});
