import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { tailFile } from "../src/index.ts";
import { settle } from "./support/fake-clock.ts";
import { FakeFileSystem } from "./support/fake-file-system.ts";
import { holdReads } from "./support/hanging-reads.ts";
import { PATH, startRig } from "./support/rig.ts";

describe("stop", () => {
  test("ends the iteration at once and closes the file", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    rig.fs.append(PATH, "two\n");
    await rig.tail.stop();
    await settle();
    expect(rig.texts()).toEqual(["one"]);
    expect(rig.failure()).toBeNull();
    expect(rig.fs.openHandles).toBe(0);
    expect(rig.clock.pending).toBe(0);
  });

  test("makes a pending finish resolve as stopped", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    const result = rig.tail.finish({ expectedBytes: 100 });
    await rig.tail.stop();
    expect(await result).toMatchObject({ complete: false, reason: "stopped" });
  });

  test.each(["return", "throw"] as const)(
    "%s of an iterator that was never asked ends the tail and lets go of the signal",
    async (how) => {
      const controller = new AbortController();
      const tail = tailFile(PATH, { fileSystem: new FakeFileSystem(), signal: controller.signal });
      const finished = tail.finish();
      const batches = tail[Symbol.asyncIterator]() as AsyncGenerator;
      if (how === "return") await batches.return(undefined);
      else await expect(batches.throw(new Error("enough"))).rejects.toThrow("enough");
      expect(await finished).toMatchObject({ reason: "stopped" });
      expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    },
  );

  test("an aborted signal makes the iteration throw `aborted` with the reason", async () => {
    const controller = new AbortController();
    const rig = await startRig({ signal: controller.signal }, (fs) => fs.append(PATH, "one\n"));
    controller.abort("enough");
    await settle();
    expect(rig.failure()).toMatchObject({ code: "aborted", cause: "enough" });
    expect(rig.fs.openHandles).toBe(0);
  });

  test("a signal that was aborted before leaves the file alone", async () => {
    const rig = await startRig({ signal: AbortSignal.abort() }, (fs) => fs.append(PATH, "one\n"));
    expect(rig.failure()).toMatchObject({ code: "aborted" });
    expect(rig.fs.calls).toEqual({ stat: 0, open: 0, read: 0, close: 0 });
  });

  test("a consumer that leaves the loop closes the file", async () => {
    const fileSystem = new FakeFileSystem();
    fileSystem.append(PATH, "one\ntwo\n");
    const tail = tailFile(PATH, { fileSystem });
    for await (const _batch of tail) break;
    expect(fileSystem.openHandles).toBe(0);
    expect(await tail.finish()).toMatchObject({ complete: false, reason: "stopped", lines: 2 });
  });

  test("`await using` closes the file", async () => {
    const fileSystem = new FakeFileSystem();
    fileSystem.append(PATH, "one\n");
    {
      await using tail = tailFile(PATH, { fileSystem });
      await tail[Symbol.asyncIterator]().next();
      expect(fileSystem.openHandles).toBe(1);
    }
    expect(fileSystem.openHandles).toBe(0);
  });

  test("does not wait for a read that hangs, and closes the handle when it comes back", async () => {
    let comeBack!: () => void;
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    const open = rig.fs.open.bind(rig.fs);
    rig.fs.open = async (path) => {
      const file = await open(path);
      await new Promise<void>((resolve) => {
        comeBack = resolve;
      });
      return file;
    };
    rig.fs.lies.errors = ["ESTALE"];
    await rig.advance(1000);
    const stopped = rig.tail.stop();
    await settle();
    expect(rig.failure()).toBeNull();
    await rig.advance(1000);
    await stopped;
    expect(rig.fs.openHandles).toBe(1);
    comeBack();
    await settle();
    expect(rig.fs.openHandles).toBe(0);
  });
});

describe("wake", () => {
  test("makes the tail look at once, and often again", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    await rig.advance(60_000);
    rig.fs.append(PATH, "two\n");
    rig.tail.wake();
    await settle();
    expect(rig.texts()).toEqual(["one", "two"]);
    expect(rig.clock.waits.at(-1)).toBe(250);
  });
});

test("a wake without growth makes the tail look often again", async () => {
  const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
  await rig.advance(60_000);
  rig.tail.wake();
  await settle();
  expect(rig.clock.waits.at(-1)).toBe(250);
});

test("a wake in the middle of a look makes the tail look again at once", async () => {
  const fileSystem = new FakeFileSystem();
  fileSystem.append(PATH, "one\n");
  const tail = tailFile(PATH, { fileSystem, pollIntervalMs: 60_000 });
  const iterator = tail[Symbol.asyncIterator]();
  await iterator.next();
  const next = iterator.next();
  tail.wake();
  await settle();
  fileSystem.append(PATH, "two\n");
  tail.wake();
  expect((await next).value?.[0]?.text).toBe("two");
  expect(tail.stats().polls).toBe(3);
  await tail.stop();
});

describe("back-pressure", () => {
  test("L19 a slow consumer makes the tail wait, not read ahead", async () => {
    const fileSystem = new FakeFileSystem();
    fileSystem.append(PATH, "x".repeat(99).concat("\n").repeat(1000));
    const tail = tailFile(PATH, { fileSystem, readBufferBytes: 1024 });
    const iterator = tail[Symbol.asyncIterator]();
    await iterator.next();
    const { read } = fileSystem.calls;
    await settle();
    await settle();
    expect(fileSystem.calls.read).toBe(read);
    expect(tail.stats().offset).toBe(1024);
    await tail.stop();
  });
});

test("a handle is not closed under a read that hangs: its number may be another file's by then", async () => {
  const fs = new FakeFileSystem();
  fs.append(PATH, "one\n");
  const reads = holdReads(fs);
  const rig = await startRig({ fileSystem: fs });
  const stopped = rig.tail.stop();
  await rig.advance(1000);
  await stopped;
  expect(fs.openHandles).toBe(1);
  reads.answer();
  await settle();
  expect(fs.openHandles).toBe(0);
});

test("a stop in any moment of a fresh open leaves no handle", async () => {
  for (let operations = 0; operations < 12; operations++) {
    const rig = await startRig({ reopen: "always" }, (fs) => fs.append(PATH, "one\n"));
    rig.fs.append(PATH, "two\n");
    rig.fs.afterOperations(operations, () => void rig.tail.stop());
    await rig.advance(3000);
    expect(rig.fs.openHandles).toBe(0);
  }
});

test("a stop while a fresh handle is looked at leaves neither it nor the one before", async () => {
  const rig = await startRig({ reopen: "always" }, (fs) => fs.append(PATH, "one\n"));
  const open = rig.fs.open.bind(rig.fs);
  let goOn!: () => void;
  rig.fs.open = async (path) => {
    const file = await open(path);
    const stat = async () => {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      return file.stat();
    };
    return { ...file, stat };
  };
  await rig.advance(250);
  expect(rig.fs.openHandles).toBe(2);
  const stopped = rig.tail.stop();
  await settle();
  goOn();
  await stopped;
  await settle();
  expect(rig.fs.openHandles).toBe(0);
});
