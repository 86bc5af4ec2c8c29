import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { parseExitRecord } from "@paperclip-k8s/job-manifest";
import { expect, test } from "vitest";
import { describePods } from "../../src/pod-run/describe-pods.ts";
import { withContainer } from "../../src/pod-run/inject.ts";
import { agentEnd, type PodRun } from "../../src/pod-run/pod-run.ts";
import { sh } from "../../src/pod-run/pod-run-spec.ts";

const COUNTING = "i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo tick $i; sleep 0.2; done";
const SAVING = `trap 'echo saved >session; echo saved; exit 0' TERM; ${COUNTING}`;
const WAITING = "trap 'exit 0' TERM; sleep 600 & wait";
/** Whether the kernel ends a whole container that is out of memory, and no record can be written. */
const WHOLE_CONTAINER = "cat /sys/fs/cgroup/memory.oom.group 2>/dev/null || echo 0";
const bounds = { schedulingSec: 300, imagePullSec: 900, startSec: 120, timeoutSec: 0, graceSec: 3 };

describePods("the end of a pod", (pods) => {
  const sessionOf = ({ spec }: PodRun) => {
    const folder = spec.workingDirectory.slice(spec.volume.mountPath.length);
    return readFile(join(pods.namespace.volumeFolder, folder, "session"), "utf8");
  };

  test.concurrent("by a timeout of the host leaves the agent its grace period, and its session stays (C8)", async () => {
    await using run = await pods.start({ command: sh(SAVING) });
    await run.printed("tick 3\n");
    await run.delete();
    const record = await run.recorded();
    const stdout = await readFile(run.files.stdout, "utf8");
    expect(stdout).toMatch(/^tick 1\n[\s\S]*saved\n$/);
    expect(record).toMatchObject({ status: 0, signal: null, failure: null, stdoutBytes: stdout.length });
    expect(await sessionOf(run)).toBe("saved\n");
  });

  test.concurrent("by the Job's own deadline, the net, leaves it too (C8)", async () => {
    await using run = await pods.start({
      command: sh(SAVING),
      inject: (job) => ({ ...job, spec: { ...job.spec!, activeDeadlineSeconds: 8 } }),
    });
    const record = await run.recorded();
    expect(await readFile(run.files.stdout, "utf8")).toMatch(/^tick 1\n[\s\S]*saved\n$/);
    expect(record).toMatchObject({ status: 0, failure: null });
    expect(await sessionOf(run)).toBe("saved\n");
  });

  test.concurrent("of an agent that ignores SIGTERM is a SIGKILL after the grace, and a record before the pod's own (X2)", async () => {
    await using run = await pods.start({ command: sh(`trap '' TERM; ${COUNTING}`), bounds });
    await run.printed("tick 3\n");
    const before = performance.now();
    await run.delete();
    const record = await run.recorded();
    expect(performance.now() - before).toBeGreaterThan(3000);
    expect(record).toMatchObject({ status: 137, signal: "SIGKILL", failure: null });
    await run.gone();
    // Counted when no writer was left: nothing came afterwards.
    expect((await readFile(run.files.stdout)).length).toBe(record.stdoutBytes);
  });

  test.concurrent("of an agent that runs out of memory is 137, and the container's reason OOMKilled (C9)", async () => {
    await using run = await pods.start({
      command: sh(`${WHOLE_CONTAINER}; exec tail /dev/zero`),
      resources: { limits: { memory: "40Mi" } },
    });
    const { container, record, stdout } = await run.ended();
    expect(container).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
    if (stdout.toString() === "1\n") expect(record).toBeNull();
    else expect(record).toMatchObject({ status: 137, signal: "SIGKILL", failure: null, stdoutBytes: 2 });
  });

  test.concurrent("of an agent whose child runs out of memory is the agent's own (C9)", async () => {
    await using run = await pods.start({
      command: sh(`${WHOLE_CONTAINER}; tail /dev/zero; echo child $?; exit 3`),
      resources: { limits: { memory: "40Mi" } },
    });
    const { container, record, stdout } = await run.ended();
    if (stdout.toString() === "1\n") {
      expect(container).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
      expect(record).toBeNull();
    } else {
      expect(stdout.toString()).toBe("0\nchild 137\n");
      // The kubelet's word for a container in which anything ran out of memory: the exit code tells them apart.
      expect(container).toMatchObject({ exitCode: 3, reason: "OOMKilled" });
      expect(record).toMatchObject({ status: 3, signal: null, failure: null, stdoutBytes: stdout.length });
    }
  });

  test.concurrent("before its beginning, in an init container, leaves files that nothing has touched (C15)", async () => {
    const failing = { kind: "init", name: "mesh-init", command: ["/bin/sh", "-c", "exit 9"] } as const;
    await using run = await pods.start({
      command: sh("echo never"),
      inject: (job) => withContainer(job, failing),
    });
    const pod = await run.podWhere(({ status }) => status?.phase === "Failed", "the pod to fail");
    expect(pod.status?.initContainerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 9 });
    expect(agentEnd(pod)?.exitCode).not.toBe(0);
    expect(await readFile(run.files.stdout, "utf8")).toBe("");
    expect(parseExitRecord(await readFile(run.files.exit, "utf8"))).toBeNull();
    expect(existsSync(run.files.started)).toBe(false);
  });

  test.concurrent("is recorded although an injected sidecar outlives the agent (C16)", async () => {
    const sidecar = { kind: "sidecar", name: "mesh", command: ["/bin/sh", "-c", WAITING] } as const;
    await using run = await pods.start({
      command: sh("echo done; exit 4"),
      inject: (job) => withContainer(job, sidecar),
    });
    const { pod, container, record, stdout } = await run.ended();
    expect(stdout.toString()).toBe("done\n");
    expect(record).toMatchObject({ status: 4, failure: null, podUid: pod.metadata?.uid, stdoutBytes: 5 });
    expect(container.exitCode).toBe(4);
    // The Job says nothing of this end, and will not while the sidecar lives.
    const isLive = ({ status }: V1Pod) =>
      status?.phase === "Running" &&
      status.containerStatuses?.find(({ name }) => name === "mesh")?.state?.running !== undefined;
    await run.podWhere(
      (one) => agentEnd(one) !== undefined && isLive(one),
      "the sidecar to outlive the agent",
    );
  });

  test.concurrent("ends a native sidecar of the pod template, and the Job with it (C16)", async () => {
    const sidecar = { name: "mesh", restartPolicy: "Always", command: ["/bin/sh", "-c", WAITING] };
    await using run = await pods.start({
      command: sh("echo done"),
      podTemplate: { spec: { initContainers: [{ ...sidecar, image: pods.image }] } },
    });
    const { record } = await run.ended();
    expect(record).toMatchObject({ status: 0, failure: null, stdoutBytes: 5 });
    const pod = await run.podWhere(({ status }) => status?.phase === "Succeeded", "the pod to succeed");
    expect(pod.status?.initContainerStatuses?.[0]).toMatchObject({
      name: "mesh",
      state: { terminated: { exitCode: 0 } },
    });
  });

  test.concurrent("does not wait for a child that keeps stdout open, and ends it (C21)", async () => {
    // It writes without a pause: whoever counted while it lives would count too little.
    const daemon = "(trap '' HUP TERM; while :; do echo late; done) &";
    await using run = await pods.start({ command: sh(`${daemon} sleep 0.3; echo bye; exit 5`) });
    const { container, record, stdout } = await run.ended();
    expect(record).toMatchObject({ status: 5, failure: null, stdoutBytes: stdout.length });
    expect(stdout.toString()).toMatch(/^late\n[\s\S]*bye\n(late\n)*$/);
    expect(container.exitCode).toBe(5);
    expect(record!.endedAt - record!.startedAt).toBeLessThan(10_000);
  });

  test.concurrent("comes when the host stops renewing its lease, and not before", async () => {
    await using run = await pods.start({ command: sh(SAVING), bounds: { ...bounds, leaseSec: 4 } });
    await run.printed("tick 1\n");
    for (let renewals = 0; renewals < 12; renewals++) {
      await writeFile(run.files.lease, `${renewals}\n`);
      await delay(500);
    }
    const { container, record, stdout } = await run.ended();
    expect(record).toMatchObject({ status: 0, failure: "lease_expired", stdoutBytes: stdout.length });
    expect(stdout.toString()).toMatch(/saved\n$/);
    expect(record!.endedAt - record!.startedAt).toBeGreaterThan(9000);
    // Not a success, whatever the agent says.
    expect(container.exitCode).toBe(1);
  });

  test.concurrent("of the first pod of a Job that was suspended and resumed stands: the second is refused", async () => {
    await using run = await pods.start({ command: sh(SAVING) });
    await run.printed("tick 3\n");
    await run.suspend(true);
    const record = await run.recorded();
    await run.gone();
    const files = async () => [await readFile(run.files.exit), await readFile(run.files.stdout)];
    const before = await files();
    await run.suspend(false);
    const second = await run.podWhere((pod) => agentEnd(pod) !== undefined, "the second pod to end");
    expect(second.metadata?.uid).not.toBe(record.podUid);
    expect(agentEnd(second)).toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(`^already_started: pod ${record.podUid} has taken this run already`),
    });
    expect(await files()).toEqual(before);
    expect(await readFile(run.files.started, "utf8")).toBe(`${record.podUid}\n`);
  });
});
