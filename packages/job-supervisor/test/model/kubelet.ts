// Pods of a schedule, and the processes in them.
import type { ApiServer, Thing } from "./api-server.ts";
import { type ClusterOptions, runOf } from "./cluster.ts";
import type { Process } from "./ledger.ts";
import type { Volume } from "./volume.ts";

export interface Kubelet {
  create(job: Thing, onEnd: (status: number) => void): void;
  /** SIGTERM, the grace period, SIGKILL. */
  terminate(pod: Thing): void;
  hadPod(jobUid: string): boolean;
}

interface PodState {
  readonly job: Thing;
  readonly podUid: string;
  readonly name: string;
  process: Process | null;
  isTerminating: boolean;
  readonly onEnd: (status: number) => void;
}

const GRACE_MS = 30_000;
/** The pod's grace period is longer than the script's. */
const KILL_AFTER_MS = GRACE_MS + 10_000;

export function createKubelet(
  options: ClusterOptions & { api: ApiServer; onPodGone: (jobUid: string) => void },
): Kubelet {
  const { sim, dice, ledger, api } = options;
  const volume: Volume = options.volume;
  const pods = new Map<string, PodState>();
  const had = new Set<string>();

  function report(pod: PodState, state: object, phase: string): void {
    const started = "running" in state || "terminated" in state;
    const containerStatuses = [
      { name: "agent", state, started, ...(started ? { containerID: "containerd://1" } : {}) },
    ];
    const conditions = [
      { type: "PodScheduled", status: "True", lastTransitionTime: new Date(sim.now()).toISOString() },
    ];
    api.update("pods", pod.name, ({ status }) => ({
      status: { phase, containerStatuses, conditions: status?.["conditions"] ?? conditions },
    }));
  }

  function start(pod: PodState): void {
    if (pod.isTerminating || !api.get("pods", pod.name)) return;
    const { identity, promptSha256 } = runOf(pod.job);
    const files = volume.folder(identity.runId);
    if (!files.present) ledger.fail(`${identity.runId} starts without its files`);
    if (files.started) ledger.fail(`${identity.runId} starts in files that a pod has taken`);
    const process: Process = {
      jobUid: pod.job.metadata.uid,
      runId: identity.runId,
      key: `${identity.companyId}/${identity.agentId}`,
      work: `${identity.agentId}/${identity.taskId}/${promptSha256}`,
      ...{ startedAt: sim.now(), alive: true, lines: 0, end: null, endedAt: 0 },
    };
    pod.process = process;
    ledger.started(process);
    files.started = true;
    const startedAt = new Date(sim.now()).toISOString();
    sim.schedule(() => process.alive && report(pod, { running: { startedAt } }, "Running"), dice.delay(1000));
    write(process, files, dice.between(0, 4));
    const worksForMs = dice.chance(0.1) ? dice.between(1, 100) : dice.delay(900_000);
    const status = dice.chance(0.7) ? 0 : dice.pick([1, 3]);
    sim.schedule(() => end(pod, { by: "itself", status }), worksForMs);
  }

  function write(process: Process, files: ReturnType<Volume["folder"]>, count: number): void {
    if (!process.alive) return;
    process.lines += 1;
    files.lines += 1;
    files.touchedAt = sim.now();
    if (count > 0) sim.schedule(() => write(process, files, count - 1), dice.delay(60_000));
  }

  function end(pod: PodState, how: NonNullable<Process["end"]>): void {
    const { process } = pod;
    if (!process?.alive) return;
    const files = volume.folder(process.runId);
    process.alive = false;
    process.end = how;
    process.endedAt = sim.now();
    ledger.note(`process of ${process.runId} ends by ${how.by} with ${how.status}`);
    if (!files.present && !ledger.isEntitled(process.jobUid))
      ledger.fail(`the files of ${process.runId} were removed while it wrote`);
    if (how.by !== "kill" && files.present) {
      files.touchedAt = sim.now();
      files.record = {
        ...{ version: 1, podUid: pod.podUid, status: how.status, failure: null },
        signal: how.by === "signal" ? "SIGTERM" : null,
        ...{ stdoutBytes: files.lines, stderrBytes: 0, startedAt: process.startedAt, endedAt: sim.now() },
      };
    }
    reportEnd(pod, how.status);
  }

  function reportEnd(pod: PodState, exitCode: number): void {
    const finishedAt = new Date(sim.now()).toISOString();
    const state = { terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error", finishedAt } };
    // A node that is slow to tell: the condition lags by a minute.
    const lag = dice.chance(0.1) ? 60_000 : 1000;
    sim.schedule(() => {
      report(pod, state, "Running");
      sim.schedule(() => {
        report(pod, state, exitCode === 0 ? "Succeeded" : "Failed");
        pod.onEnd(exitCode);
        if (pod.isTerminating) remove(pod);
      }, dice.delay(1500));
    }, dice.delay(lag));
  }

  function remove(pod: PodState): void {
    if (!api.get("pods", pod.name)) return;
    api.remove("pods", pod.name);
    sim.schedule(() => options.onPodGone(pod.job.metadata.uid), 100);
  }

  return {
    hadPod: (jobUid) => had.has(jobUid),
    create: (job, onEnd) => {
      had.add(job.metadata.uid);
      const { uid } = job.metadata;
      const made = api.create("pods", {
        metadata: {
          name: `pod-of-${uid}`,
          labels: job.metadata.labels,
          ownerReferences: [{ uid, controller: true }],
        },
        status: { phase: "Pending" },
      });
      const { name, uid: podUid } = made.metadata;
      const pod: PodState = { job, podUid, name, process: null, isTerminating: false, onEnd };
      pods.set(name, pod);
      sim.schedule(
        () => report(pod, { waiting: { reason: "ContainerCreating" } }, "Pending"),
        dice.delay(500),
      );
      const slow = dice.chance(0.08);
      if (slow) pulling(podUid);
      sim.schedule(() => start(pod), 600 + (slow ? dice.between(60_000, 300_000) : dice.delay(20_000)));
    },
    terminate: ({ metadata: { name } }) => {
      const pod = pods.get(name);
      if (!pod || pod.isTerminating) return;
      pod.isTerminating = true;
      const { process } = pod;
      if (!process) return void sim.schedule(() => remove(pod), dice.delay(1000));
      if (!process.alive) return void sim.schedule(() => remove(pod), dice.delay(3000));
      const endsAt = new Date(sim.now() + KILL_AFTER_MS).toISOString();
      api.update("pods", name, ({ metadata }) => ({
        metadata: {
          ...metadata,
          deletionTimestamp: endsAt,
          deletionGracePeriodSeconds: KILL_AFTER_MS / 1000,
        },
      }));
      if (dice.chance(0.8)) sim.schedule(() => end(pod, { by: "signal", status: 143 }), dice.delay(GRACE_MS));
      sim.schedule(() => end(pod, { by: "kill", status: 137 }), KILL_AFTER_MS);
    },
  };

  function pulling(podUid: string): void {
    api.create("events", {
      metadata: { name: `pulling-${podUid}` },
      status: { about: podUid, reason: "Pulling" },
    });
  }
}
