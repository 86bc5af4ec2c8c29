import fc from "fast-check";
import { expect, test } from "vitest";
import { createScheduler, type TailBatch, tailFile } from "../../src/index.ts";
import { FakeFileSystem } from "../support/fake-file-system.ts";
import { PATH, startRig } from "../support/rig.ts";

const MOST_BYTES = 16_384;

async function batchesOf(content: string): Promise<TailBatch[]> {
  const fileSystem = new FakeFileSystem();
  fileSystem.append(PATH, content);
  const tail = tailFile(PATH, { fileSystem, scheduler: createScheduler() });
  void tail.finish();
  const batches: TailBatch[] = [];
  for await (const batch of tail) batches.push(batch);
  return batches;
}

test("a large read comes in batches of at most 16 KiB", async () => {
  const batches = await batchesOf(`${"x".repeat(999)}\n`.repeat(600));
  expect(batches.flat()).toHaveLength(600);
  for (const batch of batches)
    expect(batch.at(-1)!.end - batch[0]!.start).toBeLessThanOrEqual(MOST_BYTES + 1000);
  expect(batches.length).toBeGreaterThanOrEqual(9);
});

test("lines of all lengths come once each, whatever the batches", async () => {
  const lengths = fc.array(
    fc.oneof(
      fc.nat(300),
      fc.integer({ min: 60_000, max: 70_000 }),
      fc.integer({ min: 250_000, max: 600_000 }),
    ),
    { minLength: 1, maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(lengths, async (all) => {
      const texts = all.map((length, i) => `${i}:${(i % 3 ? "x" : "é").repeat(length)}`);
      const lines = (await batchesOf(texts.map((text) => `${text}\n`).join(""))).flat();
      expect(lines.map(({ text }) => text)).toEqual(texts);
      let offset = 0;
      for (const { text, start, end } of lines) {
        expect(start).toBe(offset);
        offset += Buffer.byteLength(text) + 1;
        expect(end).toBe(offset);
      }
    }),
    { seed: 7, numRuns: 40 },
  );
});

test("stop in the midst of a read takes the rest of it away", async () => {
  const fileSystem = new FakeFileSystem();
  fileSystem.append(PATH, `${"x".repeat(999)}\n`.repeat(600));
  const tail = tailFile(PATH, { fileSystem, scheduler: createScheduler() });
  let batches = 0;
  for await (const _ of tail) {
    batches++;
    void tail.stop();
  }
  expect(batches).toBe(1);
});

test("leaving the loop in the midst of a read leaves the checkpoint after the lines that were taken", async () => {
  const fileSystem = new FakeFileSystem();
  fileSystem.append(PATH, `${"x".repeat(999)}\n`.repeat(600));
  const tail = tailFile(PATH, { fileSystem, scheduler: createScheduler() });
  let taken = 0;
  for await (const batch of tail) {
    taken += batch.length;
    if (taken > 100) break;
  }
  expect(taken).toBeLessThan(600);
  expect(tail.checkpoint().offset).toBe(taken * 1000);
  expect(fileSystem.openHandles).toBe(0);
});

test("a line that ends the tail with an error keeps those before it in the same chunk, and none behind it", async () => {
  const before = Array.from({ length: 400 }, (_, i) => `line ${i} ${"x".repeat(90)}`);
  const bytes = Buffer.concat([
    Buffer.from(before.map((text) => `${text}\n`).join("")),
    Buffer.from([0xff, 0x0a]),
    Buffer.from("behind\n".repeat(10_000)),
  ]);
  const rig = await startRig({ invalidUtf8: "error", readBufferBytes: 262_144 }, (fs) =>
    fs.append(PATH, bytes),
  );
  await rig.advance(1000);
  expect(rig.failure()).toMatchObject({ code: "invalid_utf8", offset: Buffer.byteLength(before.join()) + 1 });
  expect(rig.texts()).toEqual(before);
});
