import { readFileSync } from "node:fs";
import type { CoreV1Event, V1Job, V1Pod } from "@kubernetes/client-node";
import type { ExitRecord } from "@paperclip-k8s/job-manifest";
import type { Facts, Outcome, PhaseBounds, Verdict } from "../../src/index.ts";

/** What a real cluster said; see scripts/record-outcome-fixtures.ts. */
export interface Fixture {
  readonly job: V1Job;
  readonly pods: readonly V1Pod[];
  readonly events: readonly CoreV1Event[];
  /** What the API server said where it did not take the Job. */
  readonly refusal?: { readonly code: string; readonly status: number; readonly message: string } | null;
}

export function fixture(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`../outcome/fixtures/${name}.json`, import.meta.url), "utf8"));
}

export const bounds: PhaseBounds = {
  schedulingMs: 300_000,
  imagePullMs: 900_000,
  startMs: 120_000,
  timeoutMs: 0,
  graceMs: 30_000,
  cleanupMs: 60_000,
};

export const T0 = Date.parse("2026-11-21T08:00:00Z");

/** Nothing has happened yet, ten seconds after a resume in a world where all works. */
export function facts(changes: Partial<Facts> = {}): Facts {
  return {
    job: { metadata: { name: "run", uid: "job-1" }, spec: { suspend: false } as V1Job["spec"] },
    jobRemovedAt: null,
    pods: [],
    events: null,
    files: { started: false, startedSeenAt: null, record: null, recordSeenAt: null },
    apiHealthy: true,
    apiHealthySince: T0 - 3_600_000,
    now: T0 + 10_000,
    followedSince: T0,
    resumedAt: T0,
    bounds,
    container: "agent",
    ...changes,
  };
}

/** The facts of a recorded end, `afterMs` behind the last thing that happened in it. */
export function recorded(name: string, afterMs: number, changes: Partial<Facts> = {}): Facts {
  const seen = fixture(name);
  const resumedAt = Date.parse(String(seen.job.metadata?.creationTimestamp));
  const times = [...JSON.stringify([seen.job.status, seen.pods]).matchAll(/"(\d{4}-\d\d-\d\dT[^"]+Z)"/g)];
  const last = Math.max(resumedAt, ...times.map(([, time]) => Date.parse(time ?? "")));
  return facts({
    job: seen.job,
    pods: seen.pods.map((pod) => ({ pod, removedAt: null })),
    events: seen.events,
    now: last + afterMs,
    resumedAt,
    followedSince: resumedAt,
    apiHealthySince: resumedAt - 3_600_000,
    ...changes,
  });
}

export function record(changes: Partial<ExitRecord> = {}): ExitRecord {
  return {
    version: 1,
    podUid: "pod-1",
    status: 0,
    signal: null,
    failure: null,
    stdoutBytes: 12,
    stderrBytes: 0,
    startedAt: T0 + 1000,
    endedAt: T0 + 9000,
    ...changes,
  };
}

/** Files with this record, seen `agoMs` before `now`. */
export function withRecord(changes: Partial<ExitRecord>, seenAt = T0 + 10_000): Facts["files"] {
  return { started: true, startedSeenAt: T0 + 1000, record: record(changes), recordSeenAt: seenAt };
}

export function pod(status: V1Pod["status"], metadata: V1Pod["metadata"] = {}): V1Pod {
  return {
    metadata: { name: "run-x", uid: "pod-1", creationTimestamp: new Date(T0), ...metadata },
    spec: { containers: [{ name: "agent", image: "registry.example/agent:1" }] },
    status,
  };
}

/** A pod whose agent container is in this state. */
export function podIn(state: object, status: Partial<NonNullable<V1Pod["status"]>> = {}): V1Pod {
  const started = "running" in state || "terminated" in state;
  return pod({
    phase: "running" in state ? "Running" : "Pending",
    conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: new Date(T0) }] as never,
    containerStatuses: [{ ...AGENT, state, started, containerID: started ? "containerd://1" : undefined }],
    ...status,
  });
}

export const runningPod = (): V1Pod => podIn({ running: { startedAt: new Date(T0 + 1000) } });

export function terminatedPod(end: { exitCode: number; reason?: string; at?: number }): V1Pod {
  const finishedAt = new Date(end.at ?? T0 + 9000);
  return podIn({ terminated: { exitCode: end.exitCode, reason: end.reason ?? "Error", finishedAt } });
}

export function there(...pods: V1Pod[]): Facts["pods"] {
  return pods.map((one) => ({ pod: one, removedAt: null }));
}

/** The outcome, where there is one; else the verdict's phase is the failure message. */
export function outcomeOf(verdict: Verdict): Outcome {
  if (verdict.state !== "ended") throw new Error(`not ended: ${JSON.stringify(verdict)}`);
  return verdict.outcome;
}

export function jobWith(
  condition: { type: string; reason?: string; at?: number } | null,
  metadata = {},
): V1Job {
  const conditions = condition && [
    {
      type: condition.type,
      status: "True",
      reason: condition.reason,
      lastTransitionTime: new Date(condition.at ?? T0 + 9000),
    },
  ];
  return {
    metadata: { name: "run", uid: "job-1", ...metadata },
    spec: { suspend: false } as V1Job["spec"],
    status: conditions ? { conditions } : {},
  } as V1Job;
}

const AGENT = { name: "agent", image: "", imageID: "", ready: false, restartCount: 0 };
