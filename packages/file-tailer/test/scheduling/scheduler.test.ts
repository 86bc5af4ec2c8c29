import { describe, expect, test } from "vitest";
import { createScheduler, tailFile } from "../../src/index.ts";
import { settle } from "../support/fake-clock.ts";
import { FakeFileSystem } from "../support/fake-file-system.ts";

describe("the scheduler", () => {
  test("lets no more operations run at a time than it may, first come, first served", async () => {
    const scheduler = createScheduler({ maxInFlight: 2 });
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((i) =>
      scheduler.run(() => {
        started.push(i);
        return new Promise<void>((resolve) => ends.push(resolve));
      }),
    );
    await settle();
    expect(started).toEqual([0, 1]);
    ends[0]!();
    await settle();
    expect(started).toEqual([0, 1, 2]);
    ends[1]!();
    ends[2]!();
    await settle();
    ends[3]!();
    await Promise.all(all);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  test("goes on after an operation that failed", async () => {
    const scheduler = createScheduler({ maxInFlight: 1 });
    const failing = scheduler.run(() => Promise.reject(new Error("no")));
    const next = scheduler.run(async () => "yes");
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });

  test("bounds the operations and the buffers of many tails", async () => {
    const fileSystem = new FakeFileSystem();
    const counted = createScheduler({ maxInFlight: 2 });
    const buffers = new Set<Buffer>();
    const scheduler = {
      run: counted.run,
      takeBuffer: (bytes: number) => {
        const buffer = counted.takeBuffer(bytes);
        buffers.add(buffer);
        return buffer;
      },
      giveBuffer: counted.giveBuffer,
    };
    const texts = await Promise.all(
      Array.from({ length: 144 }, async (_, i) => {
        const path = `/volume/${i}`;
        fileSystem.append(path, `run ${i}\n`.repeat(20));
        const tail = tailFile(path, { fileSystem, scheduler });
        void tail.finish();
        const lines: string[] = [];
        for await (const batch of tail) lines.push(...batch.map((line) => line.text));
        return lines;
      }),
    );
    for (const [i, lines] of texts.entries()) expect(lines).toEqual(Array(20).fill(`run ${i}`));
    expect(buffers.size).toBeLessThanOrEqual(2);
    expect(fileSystem.openHandles).toBe(0);
  });
});

test("the pool keeps no more buffers than operations may run at a time", () => {
  const scheduler = createScheduler({ maxInFlight: 2 });
  const given = Array.from({ length: 5 }, () => scheduler.takeBuffer(16));
  for (const buffer of given) scheduler.giveBuffer(buffer);
  const again = Array.from({ length: 5 }, () => scheduler.takeBuffer(16));
  expect(again.filter((buffer) => given.includes(buffer))).toHaveLength(2);
});
