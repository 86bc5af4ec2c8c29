import { describe, expect, test } from "vitest";
import { diagnose } from "../../src/index.ts";
import { outcomeOf, recorded } from "../support/facts.ts";

/** What a real cluster said → what it is called, once every grace is over. */
const ENDS = [
  ["succeeded", "succeeded", { exitCode: 0, writer: "dead" }],
  ["exit-3", "failed", { exitCode: 3, writer: "dead" }],
  ["oom", "oom_killed", { exitCode: 137, probable: false, writer: "dead" }],
  ["image-not-found", "image_pull_failed", { cause: "other", writer: "not_confirmed" }],
  ["image-invalid-name", "image_pull_failed", { cause: "invalid_name" }],
  ["unschedulable", "unschedulable", { writer: "not_confirmed" }],
  ["missing-claim", "volume_mount_failed", {}],
  ["missing-secret", "config_error", {}],
  ["mount-failed", "volume_mount_failed", {}],
  ["quota", "quota_exceeded", { writer: "never_started" }],
  ["pod-security", "admission_denied", { writer: "never_started" }],
  ["init-failed", "init_failed", { container: "prepare", writer: "never_started" }],
  ["start-error", "start_failed", { failure: "container_start" }],
  ["deadline", "deadline_exceeded", { writer: "dead" }],
  ["evicted-by-api", "disrupted", { writer: "dead" }],
  ["deleted-while-running", "deleted_externally", { exitCode: 143, writer: "dead" }],
  ["deleted-while-pulling", "deleted_externally", { writer: "never_started" }],
  ["force-deleted-pod", "deleted_externally", { exitCode: 143 }],
] as const;

describe("what a real cluster says of a Job without an exit record", () => {
  test.each(ENDS)("%s is told as %s", (name, kind, more) => {
    const outcome = outcomeOf(diagnose(recorded(name, 3_600_000)));
    expect(outcome).toMatchObject({ kind, ...more });
    expect(outcome.message.length).toBeGreaterThan(20);
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
