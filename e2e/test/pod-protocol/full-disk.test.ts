import { expect, test } from "vitest";
import { describePods } from "../../src/pod-run/describe-pods.ts";
import { sh } from "../../src/pod-run/pod-run-spec.ts";
import { mountSmallDisk, noSmallDisk } from "../../src/pod-run/small-disk.ts";

const MIB = 1024 * 1024;

describePods("a full disk (L16)", (pods) => {
  const smallDisk = async (skip: (reason: string) => void) => {
    const reason = await noSmallDisk(pods.cluster, pods.namespace);
    if (reason !== undefined) skip(reason);
    return mountSmallDisk({ namespace: pods.namespace, size: MIB });
  };

  test("in mid-run is told in the record, and never success, whatever the agent thinks", async ({ skip }) => {
    await using disk = await smallDisk(skip);
    await using run = await pods.start({ command: sh("head -c 3000000 /dev/zero; echo all done; exit 0") });
    const { container, record, stdout } = await run.ended();
    expect(container).toMatchObject({ exitCode: 1, message: expect.stringMatching(/^disk_full: /) });
    expect(record).toMatchObject({ status: 0, failure: "disk_full", stdoutBytes: stdout.length });
    expect(stdout.length).toBeGreaterThan(MIB / 2);
    expect(stdout.length).toBeLessThan(MIB);
    expect(disk).toBeDefined();
  });

  test("before the beginning keeps the agent from starting, and is told in the record", async ({ skip }) => {
    await using disk = await smallDisk(skip);
    const command = sh("exit 7");
    await using run = await pods.start({ command, beforeResume: () => disk.fill(0) });
    const { container, record, stdout } = await run.ended();
    expect(container).toMatchObject({ exitCode: 1, message: expect.stringMatching(/^disk_full: /) });
    expect(record).toMatchObject({ status: 1, failure: "disk_full", stdoutBytes: 0, stderrBytes: 0 });
    expect(stdout.toString()).toBe("");
  });

  test("keeps the exit code of an agent that gives up", async ({ skip }) => {
    await using disk = await smallDisk(skip);
    await using run = await pods.start({ command: sh("head -c 3000000 /dev/zero || exit 28") });
    const { container, record, stdout, stderr } = await run.ended();
    expect(container).toMatchObject({ exitCode: 28, message: expect.stringMatching(/^disk_full: /) });
    expect(record).toMatchObject({ status: 28, failure: "disk_full", stdoutBytes: stdout.length });
    expect(stderr.length).toBe(record?.stderrBytes);
    expect(disk).toBeDefined();
  });
});
