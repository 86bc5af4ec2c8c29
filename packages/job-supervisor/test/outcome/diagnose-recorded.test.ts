import type { V1Job } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { diagnose, KubeApiError, type KubeApiErrorCode } from "../../src/index.ts";
import { outcomeOfCreateError } from "../../src/launch/refusal.ts";
import { fixture, outcomeOf, recorded } from "../support/facts.ts";

/** What a real cluster said → what it is called, once every grace is over. */
const ENDS = [
  ["succeeded", "succeeded", { exitCode: 0, writer: "dead" }],
  ["exit-3", "failed", { exitCode: 3, writer: "dead" }],
  ["oom", "oom_killed", { exitCode: 137, probable: false, writer: "dead" }],
  ["oom-of-a-child", "oom_killed", { exitCode: 1, probable: false, writer: "dead" }],
  ["image-not-found", "image_pull_failed", { cause: "other", writer: "not_confirmed" }],
  ["image-unknown", "image_pull_failed", { cause: "not_found" }],
  ["image-unauthorized", "image_pull_failed", { cause: "auth" }],
  ["image-rate-limited", "image_pull_failed", { cause: "rate_limit" }],
  ["image-invalid-name", "image_pull_failed", { cause: "invalid_name" }],
  ["unschedulable", "unschedulable", { writer: "not_confirmed" }],
  ["missing-claim", "volume_mount_failed", {}],
  ["missing-secret", "config_error", {}],
  ["mount-failed", "volume_mount_failed", {}],
  ["claim-not-mountable", "volume_mount_failed", { writer: "not_confirmed" }],
  ["unbound-claim", "volume_mount_failed", { writer: "not_confirmed" }],
  ["quota", "quota_exceeded", { writer: "never_started" }],
  ["pod-security", "admission_denied", { writer: "never_started" }],
  ["limit-range", "admission_denied", { writer: "never_started" }],
  ["webhook", "admission_denied", { writer: "never_started" }],
  ["init-failed", "init_failed", { container: "prepare", writer: "never_started" }],
  ["start-error", "start_failed", { failure: "container_start" }],
  ["deadline", "deadline_exceeded", { writer: "dead" }],
  ["evicted-by-api", "disrupted", { writer: "dead" }],
  ["evicted-by-storage", "evicted", { exitCode: 137, writer: "dead" }],
  ["preempted", "disrupted", { exitCode: 143, writer: "dead" }],
  ["node-lost", "node_lost", { writer: "not_confirmed" }],
  ["deleted-while-running", "deleted_externally", { exitCode: 143, writer: "dead" }],
  ["deleted-while-pulling", "deleted_externally", { writer: "never_started" }],
  ["force-deleted-pod", "deleted_externally", { exitCode: 143 }],
] as const;

describe("what a real cluster says of a Job without an exit record", () => {
  test.each(ENDS)("C9 C10 C12 C13 C14 C15 C17 %s is told as %s", (name, kind, more) => {
    const outcome = outcomeOf(diagnose(recorded(name, 3_600_000)));
    expect(outcome).toMatchObject({ kind, ...more });
    expect(outcome.message.length).toBeGreaterThan(20);
  });

  test("C17 a Job that a webhook refuses at its creation is told in the webhook's words", () => {
    const { refusal } = fixture("webhook-of-jobs");
    if (!refusal) throw new Error("nothing was refused");
    const error = new KubeApiError({ ...refusal, code: refusal.code as KubeApiErrorCode });
    expect(outcomeOfCreateError(error, "agents")).toMatchObject({
      kind: "admission_denied",
      writer: "never_started",
      message: expect.stringContaining("images must come from registry.example"),
    });
  });

  test("a Job in Kueue's queue is queued, for however long: built from its documented shape, not recorded", () => {
    const { job } = fixture("running");
    const held = {
      metadata: { ...job.metadata, labels: { "kueue.x-k8s.io/queue-name": "agents" } },
      spec: { ...job.spec, suspend: true },
      status: { conditions: [{ type: "Suspended", status: "True", reason: "JobSuspended" }] },
    } as unknown as V1Job;
    const verdict = diagnose(recorded("running", 864_000_000, { job: held, pods: [] }));
    expect(verdict).toMatchObject({ state: "pending", phase: "queued", reviewAt: null });
  });

  test("each end has a sentence of its own, with Kubernetes' words where it had any", () => {
    const sentences = ENDS.map(([name]) => outcomeOf(diagnose(recorded(name, 3_600_000))).message);
    expect(new Set(sentences).size).toBeGreaterThan(ENDS.length - 4);
    expect(sentences.join("\n")).toMatchSnapshot();
  });

  test("a Job that runs is running, and costs no look until something changes", () => {
    const verdict = diagnose(
      recorded("running", 10_000, {
        files: { started: true, startedSeenAt: 0, record: null, recordSeenAt: null },
      }),
    );
    expect(verdict).toMatchObject({ state: "running", phase: "running", reviewAt: null, needsEvents: false });
  });

  test("what prevents a start asks for the pod's end, what has ended does not", () => {
    for (const name of [
      "image-invalid-name",
      "unschedulable",
      "missing-claim",
      "missing-secret",
      "mount-failed",
      "quota",
      "pod-security",
    ])
      expect(diagnose(recorded(name, 3_600_000)), name).toMatchObject({ state: "ended", mustStop: true });
    for (const name of ["succeeded", "exit-3", "oom", "init-failed", "start-error", "deadline"])
      expect(diagnose(recorded(name, 3_600_000)), name).toMatchObject({ state: "ended", mustStop: false });
  });

  test("C17 quota and Pod Security refusals need no more than seconds, and are told in Kubernetes' words", () => {
    expect(outcomeOf(diagnose(recorded("quota", 6_000))).message).toContain("exceeded quota");
    expect(outcomeOf(diagnose(recorded("pod-security", 6_000))).message).toContain("violates PodSecurity");
    expect(diagnose(recorded("quota", 6_000, { events: null }))).toMatchObject({
      state: "pending",
      needsEvents: true,
    });
  });
});
