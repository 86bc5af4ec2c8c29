// Buffers are the most that a tail takes of memory: each goes back to the pool as soon as it is not needed.
import { expect, test } from "vitest";
import { createScheduler, type Scheduler, tailFile } from "../../src/index.ts";
import { fakeClock, settle } from "../support/fake-clock.ts";
import { FakeFileSystem } from "../support/fake-file-system.ts";
import { PATH, startRig } from "../support/rig.ts";

/** A scheduler that counts the buffers that are out. */
function counting(): { readonly scheduler: Scheduler; out(): number } {
  const inner = createScheduler();
  let out = 0;
  const scheduler: Scheduler = {
    run: inner.run,
    takeBuffer(bytes) {
      out++;
      return inner.takeBuffer(bytes);
    },
    giveBuffer(buffer) {
      out--;
      inner.giveBuffer(buffer);
    },
  };
  return { scheduler, out: () => out };
}

/** More than what is made into lines at a time. */
const READ_BYTES = 65_536;
const TEXT = `${"x".repeat(99)}\n`.repeat(300);

test("a tail that waits for more has none", async () => {
  const { scheduler, out } = counting();
  const rig = await startRig({ scheduler, readBufferBytes: READ_BYTES }, (fs) => fs.append(PATH, TEXT));
  for (let turn = 0; turn < 10; turn++) await settle();
  expect(rig.lines).toHaveLength(300);
  expect(out()).toBe(0);
});

test("a tail has none once the consumer has the last lines of a read, whether it asks for more or not", async () => {
  const { scheduler, out } = counting();
  const fileSystem = new FakeFileSystem();
  fileSystem.append(PATH, TEXT);
  await using tail = tailFile(PATH, {
    scheduler,
    fileSystem,
    clock: fakeClock(),
    readBufferBytes: READ_BYTES,
  });
  const batches = tail[Symbol.asyncIterator]();
  const first = await batches.next();
  expect(out()).toBe(1);
  const second = await batches.next();
  expect([first, second].flatMap(({ value }) => value ?? [])).toHaveLength(300);
  expect(out()).toBe(0);
});

test("a read that fails leaves none behind", async () => {
  const { scheduler, out } = counting();
  const rig = await startRig({ scheduler }, (fs) => fs.append(PATH, "one\n"));
  rig.fs.append(PATH, "two\n");
  rig.fs.lies.errors = ["EIO"];
  await rig.advance(10_000);
  expect(rig.texts()).toEqual(["one", "two"]);
  expect(rig.tail.stats().transientErrors).toBe(1);
  expect(out()).toBe(0);
});

test("of two tails only one keeps a buffer for a consumer that takes its time", async () => {
  const { scheduler, out } = counting();
  const fileSystem = new FakeFileSystem();
  fileSystem.append(PATH, TEXT);
  const options = { scheduler, fileSystem, clock: fakeClock(), readBufferBytes: READ_BYTES };
  await using one = tailFile(PATH, options);
  await using other = tailFile(PATH, options);
  await one[Symbol.asyncIterator]().next();
  const { value } = await other[Symbol.asyncIterator]().next();
  expect(value).toHaveLength(300);
  expect(out()).toBe(1);
});
