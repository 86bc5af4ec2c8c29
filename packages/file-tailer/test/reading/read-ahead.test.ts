import { expect, test } from "vitest";
import { createScheduler, type OpenFile, type TailOptions, tailFile } from "../../src/index.ts";
import { fakeClock, settle } from "../support/fake-clock.ts";
import { FakeFileSystem, systemError } from "../support/fake-file-system.ts";
import { PATH, startRig } from "../support/rig.ts";

const READ_BYTES = 1024;
/** Bytes that are read again with those that follow. */
const OVERLAP = 64;
const TEXTS = Array.from({ length: 64 }, (_, i) => `line ${i} ${"x".repeat(80)}`);

/** A file of several chunks, whose reads a test can get between. */
function longFile(onRead: (position: number) => Promise<void>): {
  readonly fileSystem: FakeFileSystem;
  readonly positions: number[];
  readonly options: TailOptions;
} {
  const fileSystem = new FakeFileSystem();
  fileSystem.append(PATH, TEXTS.map((text) => `${text}\n`).join(""));
  const positions: number[] = [];
  const open = fileSystem.open.bind(fileSystem);
  fileSystem.open = async (path) => {
    const file = await open(path);
    const read: OpenFile["read"] = async (buffer, offset, length, position) => {
      positions.push(position);
      await onRead(position);
      return file.read(buffer, offset, length, position);
    };
    return { ...file, read };
  };
  const clock = fakeClock();
  return {
    fileSystem,
    positions,
    options: { fileSystem, clock, scheduler: createScheduler(), readBufferBytes: READ_BYTES },
  };
}

test("the next chunk is read before the consumer asks for it", async () => {
  const { positions, options } = longFile(async () => {});
  const tail = tailFile(PATH, options);
  const batches = tail[Symbol.asyncIterator]();
  await batches.next();
  await settle();
  expect(positions).toEqual([0, READ_BYTES - OVERLAP]);
  await tail.stop();
});

test("an error of a chunk that was read ahead is waited out, and each line comes once", async () => {
  let failures = 0;
  const { fileSystem } = longFile(async (position) => {
    if (position !== READ_BYTES - OVERLAP || failures > 0) return;
    failures++;
    throw systemError("EIO");
  });
  const rig = await startRig({ readBufferBytes: READ_BYTES, fileSystem });
  await rig.advance(1000);
  expect(failures).toBe(1);
  expect(rig.kinds()).toEqual(["transient_error"]);
  expect(rig.texts()).toEqual(TEXTS);
  await rig.tail.stop();
});

test.each(["arrives", "fails"])(
  "stop waits for a chunk that is read ahead and %s before it closes",
  async (how) => {
    let release!: () => void;
    const released = new Promise<void>((resolve, reject) => {
      release = how === "fails" ? () => reject(systemError("EIO")) : resolve;
    });
    const { fileSystem, positions, options } = longFile((position) => (position > 0 ? released : settle()));
    const tail = tailFile(PATH, options);
    await tail[Symbol.asyncIterator]().next();
    const stopped = tail.stop();
    await settle();
    expect(positions).toEqual([0, READ_BYTES - OVERLAP]);
    expect(fileSystem.openHandles).toBe(1);
    release();
    await stopped;
    expect(fileSystem.openHandles).toBe(0);
  },
);

test("a chunk that fails before anybody asks for it is no unhandled rejection", async () => {
  const { fileSystem, options } = longFile(async (position) => {
    if (position > 0) throw systemError("EIO");
  });
  const tail = tailFile(PATH, options);
  await tail[Symbol.asyncIterator]().next();
  // Node looks for rejections without a handler when all microtasks are done.
  for (let turn = 0; turn < 3; turn++) await settle();
  await tail.stop();
  expect(fileSystem.openHandles).toBe(0);
});

test("tails whose consumers are slow keep no more buffers than may be read at a time", async () => {
  const { fileSystem, options } = longFile(settle);
  const counted = createScheduler({ maxInFlight: 2 });
  let taken = 0;
  let most = 0;
  const scheduler = {
    run: counted.run,
    takeBuffer: (bytes: number) => {
      most = Math.max(most, ++taken);
      return counted.takeBuffer(bytes);
    },
    giveBuffer: (buffer: Buffer) => {
      taken--;
      counted.giveBuffer(buffer);
    },
  };
  const tails = Array.from({ length: 20 }, () => tailFile(PATH, { ...options, fileSystem, scheduler }));
  const iterators = tails.map((tail) => tail[Symbol.asyncIterator]());
  for (let i = 0; i < 3; i++) {
    await Promise.all(iterators.map((iterator) => iterator.next()));
    for (let turn = 0; turn < 50; turn++) await settle();
  }
  // One tail was alone for a moment, and may have read ahead.
  expect(most).toBeLessThanOrEqual(3);
  await Promise.all(tails.map((tail) => tail.stop()));
  expect(taken).toBe(0);
});
