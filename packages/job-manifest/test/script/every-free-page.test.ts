import { spawnSync } from "node:child_process";
import { readdirSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { forAll, freshDirectory, isWholeMatrix, makeHostFiles, pods, runAgent, sh } from "./run-agent.ts";

const PAGE = 4096;
/** What the agent writes, in bytes: nothing, a line, some pages, more than a probe of the disk. */
const OUTPUTS = isWholeMatrix ? [0, 10, 20_000, 70_000] : [10, 20_000, 70_000];
/** busybox' mirror alone takes a second of each run. */
const ONE_TEST_MS = 900_000;
/** Each write of the script takes a page, the probe for room sixteen. */
const FREE = isWholeMatrix ? [...Array(40).keys()] : [0, 1, 3, 17, 39];

describe.concurrent.each(pods())("L16 in $title, a disk of 1 MB with a few pages free", (pod) => {
  const combinations = FREE.flatMap((free) => OUTPUTS.map((bytes) => ({ free, bytes })));
  test(
    `${combinations.length} times: never a success that is not whole, always a whole record`,
    async () => {
      await forAll(combinations, async ({ free, bytes }) => {
        await withDisk({ size: "1m", free, uid: pod.pod!.uid }, async (directory) => {
          const ended = await runAgent(pod, { directory, command: sh(`head -c ${bytes} /dev/zero; exit 0`) });
          const { code, record, stdout } = ended;
          const context = JSON.stringify({ free, bytes, code, record, wrote: stdout.length });
          expect(record, context).not.toBeNull();
          expect(record!.stdoutBytes, context).toBe(stdout.length);
          if (code === 0) {
            expect(record, context).toMatchObject({ status: 0, failure: null, stdoutBytes: bytes });
          } else {
            expect(record!.failure, context).toBe("disk_full");
            expect(ended.terminationMessage, context).toMatch(/^disk_full: /);
          }
          expect(readdirSync(directory).filter((name) => name.includes("probe"))).toEqual([]);
        });
      });
    },
    ONE_TEST_MS,
  );

  test("without room for one more name: disk_full, though the directory is writable", async () => {
    await withDisk({ size: "1m,nr_inodes=6", free: 20, uid: pod.pod!.uid }, async (directory) => {
      const { code, record, terminationMessage } = await runAgent(pod, {
        directory,
        command: sh("echo ran"),
      });
      expect(code).toBe(1);
      expect(record).toMatchObject({ status: 1, failure: "disk_full", stdoutBytes: 0 });
      expect(terminationMessage).toContain("the volume has no room");
    });
  });

  test("that fills up while the agent works, its own output whole or not", async () => {
    await forAll([0, 10, 200_000], async (bytes) => {
      await withDisk({ size: "1m", free: 60, uid: pod.pod!.uid }, async (directory) => {
        const command = sh(
          `head -c ${bytes} /dev/zero; head -c 2000000 /dev/zero >/run-directory/more; exit 0`,
        );
        const { code, record, stdout } = await runAgent(pod, { directory, command });
        expect(code).toBe(1);
        expect(record).toMatchObject({ status: 0, failure: "disk_full", stdoutBytes: stdout.length });
      });
    });
  });
});

/** A tmpfs as the run directory, filled up to some free pages after the host has made its files. */
async function withDisk(
  disk: { readonly size: string; readonly free: number; readonly uid: number },
  body: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = freshDirectory();
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${disk.size}`, "tmpfs", directory]);
  expect(mounted.stderr.toString()).toBe("");
  try {
    makeHostFiles(directory, "", disk.uid);
    const ballast = join(directory, "ballast");
    writeFileSync(ballast, Buffer.alloc(statfsSync(directory).bavail * PAGE - disk.free * PAGE));
    expect(statfsSync(directory).bavail).toBe(disk.free);
    await body(directory);
  } finally {
    spawnSync("umount", ["-l", directory]);
  }
}
