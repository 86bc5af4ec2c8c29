import { describe, expect, test } from "vitest";
import { diagnose } from "../../src/index.ts";
import {
  facts,
  jobWith,
  outcomeOf,
  podIn,
  runningPod,
  T0,
  terminatedPod,
  there,
  withRecord,
} from "../support/facts.ts";

describe("the exit record, the container's end and the Job's condition, in every order", () => {
  test("C1 a record with status 0 ends the run while container and condition lag", () => {
    const verdict = diagnose(facts({ pods: there(runningPod()), files: withRecord({}) }));
    expect(verdict).toMatchObject({
      state: "ended",
      mustStop: false,
      outcome: { kind: "succeeded", writer: "dead" },
    });
    expect(outcomeOf(verdict).exitRecord?.stdoutBytes).toBe(12);
  });

  test("C1 the container's end counts without the Job's condition, once the record had its 3 s", () => {
    const pods = there(terminatedPod({ exitCode: 0, reason: "Completed" }));
    expect(diagnose(facts({ pods, now: T0 + 11_999 }))).toMatchObject({
      phase: "finishing",
      reviewAt: T0 + 12_000,
    });
    expect(outcomeOf(diagnose(facts({ pods, now: T0 + 12_000 })))).toMatchObject({
      kind: "succeeded",
      exitCode: 0,
    });
  });

  test("C5 a condition that nothing else confirms waits 5 s", () => {
    const job = jobWith({ type: "Complete" });
    expect(diagnose(facts({ job, now: T0 + 13_999 }))).toMatchObject({ phase: "finishing" });
    expect(outcomeOf(diagnose(facts({ job, now: T0 + 14_000 })))).toMatchObject({ kind: "succeeded" });
  });

  test("C5 a stale terminal Job does not end a run whose container is seen running", () => {
    const job = jobWith({ type: "Failed", reason: "BackoffLimitExceeded" });
    const verdict = diagnose(facts({ job, pods: there(runningPod()), now: T0 + 30_000 }));
    expect(verdict).toMatchObject({ state: "running", phase: "finishing" });
  });

  test("C5 a Job that failed for no reason that anybody knows is a mismatch with its own words", () => {
    const job = jobWith({ type: "Failed", reason: "PodFailurePolicy" });
    const outcome = outcomeOf(diagnose(facts({ job, now: T0 + 60_000 })));
    expect(outcome).toMatchObject({ kind: "state_mismatch", evidence: { reason: "PodFailurePolicy" } });
  });

  test("C19 the exit code is the record's, whatever the container says", () => {
    const pods = there(terminatedPod({ exitCode: 1 }));
    expect(outcomeOf(diagnose(facts({ pods, files: withRecord({ status: 4 }) })))).toMatchObject({
      kind: "failed",
      exitCode: 4,
    });
  });

  test("C16 a sidecar that outlives the agent keeps nobody waiting", () => {
    const agent = terminatedPod({ exitCode: 0, reason: "Completed" });
    const sidecar = { name: "mesh", state: { running: {} }, started: true } as never;
    agent.status?.containerStatuses?.unshift(sidecar);
    expect(outcomeOf(diagnose(facts({ pods: there(agent), now: T0 + 13_000 })))).toMatchObject({
      kind: "succeeded",
      writer: "dead",
    });
  });

  test("C15 an init container that fails is named", () => {
    const failed = podIn(
      { waiting: { reason: "PodInitializing" } },
      {
        phase: "Failed",
        initContainerStatuses: [
          { name: "vault", state: { terminated: { exitCode: 2, reason: "Error" } } },
        ] as never,
      },
    );
    expect(outcomeOf(diagnose(facts({ pods: there(failed) })))).toMatchObject({
      kind: "init_failed",
      container: "vault",
      writer: "never_started",
    });
  });

  test("G5 a host that takes up a Job which ended long ago reads its record first", () => {
    const pods = there(terminatedPod({ exitCode: 1 }));
    const late = { pods, followedSince: T0 + 600_000 };
    expect(diagnose(facts({ ...late, now: T0 + 600_001 }))).toMatchObject({ phase: "finishing" });
    expect(outcomeOf(diagnose(facts({ ...late, now: T0 + 603_000 })))).toMatchObject({ kind: "failed" });
  });
});
