import { spawnSync } from "node:child_process";
import { closeSync, openSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describePlaces, freshDirectory, isRoot, makeHostFiles, runAgent, sh } from "./run-agent.ts";

describePlaces("a full disk", (place) => {
  test.skipIf(!isRoot)("L16 that an agent ignores is a failure, told in a whole record", async () => {
    await withTinyDisk(async (directory) => {
      const ended = await runAgent(place, { directory, command: sh("head -c 2000000 /dev/zero; exit 0") });
      expect(ended.code).toBe(1);
      expect(ended.record).toMatchObject({ status: 0, failure: "disk_full" });
      expect(ended.record!.stdoutBytes).toBe(ended.stdout.length);
      expect(ended.errorLog).toContain("agent-run: disk_full: ");
      expect(readdirSync(directory).filter((name) => name.includes("probe"))).toEqual([]);
    });
  });

  test.skipIf(!isRoot)("L16 before the start ends the run before the agent CLI", async () => {
    await withTinyDisk(async (directory) => {
      fill(join(directory, "ballast"));
      const ended = await runAgent(place, { directory, command: sh("echo ran") });
      expect(ended.code).toBe(1);
      expect(ended.record).toMatchObject({ status: 1, failure: "disk_full", stdoutBytes: 0 });
      expect(ended.log.toString()).toBe("");
    });
  });

  test.skipIf(!isRoot)("L16 that came and went leaves an agent's own failure as it is", async () => {
    await withTinyDisk(async (directory) => {
      const command = sh('head -c 2000000 /dev/zero >"$1/ballast" || rm "$1/ballast"; exit 9', directory);
      const ended = await runAgent(place, { directory, command });
      expect(ended.code).toBe(9);
      expect(ended.record).toMatchObject({ status: 9, failure: null });
    });
  });
});

async function withTinyDisk(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = freshDirectory();
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", directory]);
  expect(mounted.stderr.toString()).toBe("");
  try {
    makeHostFiles(directory);
    await body(directory);
  } finally {
    spawnSync("umount", ["-l", directory]);
  }
}

function fill(path: string): void {
  const file = openSync(path, "w");
  const block = Buffer.alloc(4096);
  try {
    for (let turn = 0; turn < 1000; turn += 1) writeSync(file, block);
  } catch {
    // Full: what was wanted.
  }
  closeSync(file);
}
