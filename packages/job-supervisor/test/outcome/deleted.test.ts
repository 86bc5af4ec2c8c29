import { describe, expect, test } from "vitest";
import { diagnose } from "../../src/index.ts";
import {
  facts,
  jobWith,
  outcomeOf,
  podIn,
  record,
  runningPod,
  T0,
  terminatedPod,
  there,
  withRecord,
} from "../support/facts.ts";

const gone = (removedAt: number) => [{ pod: runningPod(), removedAt }];

describe("what was deleted by somebody else", () => {
  test("C2 a Job that is gone with a success on record has succeeded", () => {
    expect(outcomeOf(diagnose(facts({ jobRemovedAt: T0 + 5000, files: withRecord({}) })))).toMatchObject({
      kind: "succeeded",
    });
  });

  test("C2 a Job that its ttl took after a failure has failed by itself", () => {
    const files = withRecord({ status: 3, endedAt: T0 + 9000 }, T0 + 400_000);
    const outcome = outcomeOf(diagnose(facts({ jobRemovedAt: T0 + 400_000, files, now: T0 + 406_000 })));
    expect(outcome).toMatchObject({ kind: "failed", exitCode: 3 });
  });

  test("C2 an agent that ended after the deletion, or by its signal, was ended by it", () => {
    const after = facts({
      jobRemovedAt: T0 + 5000,
      files: withRecord({ status: 1, endedAt: T0 + 9000 }),
      now: T0 + 16_000,
    });
    expect(outcomeOf(diagnose(after))).toMatchObject({
      kind: "deleted_externally",
      exitCode: 1,
      writer: "dead",
    });
    const late = facts({ jobRemovedAt: T0 + 400_000, files: withRecord({ status: 143 }), now: T0 + 410_000 });
    expect(outcomeOf(diagnose(late))).toMatchObject({ kind: "deleted_externally" });
  });

  test("C2 a Job that is gone without a record waits for the pod's grace, then is not confirmed", () => {
    const removed = { jobRemovedAt: T0 + 5000, pods: there(runningPod()) };
    expect(diagnose(facts({ ...removed, now: T0 + 94_999 }))).toMatchObject({
      phase: "finishing",
      reviewAt: T0 + 95_000,
    });
    expect(outcomeOf(diagnose(facts({ ...removed, now: T0 + 95_000 })))).toMatchObject({
      kind: "deleted_externally",
      writer: "not_confirmed",
    });
  });

  test("C2 a Job that went before its pod started is known within seconds", () => {
    const verdict = diagnose(facts({ jobRemovedAt: T0 + 5000, now: T0 + 10_000 }));
    expect(outcomeOf(verdict)).toMatchObject({ kind: "deleted_externally", writer: "never_started" });
  });

  test("C2 a foreground deletion is known by the Job's deletionTimestamp", () => {
    const job = jobWith(null, { deletionTimestamp: new Date(T0 + 5000) });
    const pods = there(terminatedPod({ exitCode: 1 }));
    expect(outcomeOf(diagnose(facts({ job, pods, now: T0 + 13_000 })))).toMatchObject({
      kind: "deleted_externally",
      message: expect.stringContaining("Job was deleted"),
    });
  });

  test("a pod that was deleted under its Job is told as such, by when it was asked to go", () => {
    const asked = podIn({ terminated: { exitCode: 1, finishedAt: new Date(T0 + 9000) } });
    const metadata = {
      ...asked.metadata,
      deletionTimestamp: new Date(T0 + 35_000),
      deletionGracePeriodSeconds: 30,
    };
    const outcome = outcomeOf(diagnose(facts({ pods: there({ ...asked, metadata }), now: T0 + 13_000 })));
    expect(outcome).toMatchObject({
      kind: "deleted_externally",
      message: expect.stringContaining("pod was deleted"),
    });
  });

  test("X3 a pod deleted by force is never taken for dead, nor for one that never came", () => {
    expect(diagnose(facts({ pods: gone(T0 + 5000), now: T0 + 94_999, events: [] }))).toMatchObject({
      phase: "finishing",
    });
    const outcome = outcomeOf(diagnose(facts({ pods: gone(T0 + 5000), now: T0 + 95_000, events: [] })));
    expect(outcome).toMatchObject({ kind: "deleted_externally", writer: "not_confirmed" });
  });

  test("X3 not even by the Job, which counts a pod deleted by force as failed", () => {
    const job = jobWith({ type: "Failed", reason: "BackoffLimitExceeded" });
    expect(diagnose(facts({ job, pods: gone(T0 + 5000), now: T0 + 30_000 }))).toMatchObject({
      phase: "finishing",
    });
    expect(outcomeOf(diagnose(facts({ job, pods: gone(T0 + 5000), now: T0 + 95_000 })))).toMatchObject({
      writer: "not_confirmed",
    });
  });

  test("X3 its record, if it still writes one, ends the doubt", () => {
    const files = { started: true, startedSeenAt: T0, record: record(), recordSeenAt: T0 + 20_000 };
    expect(outcomeOf(diagnose(facts({ pods: gone(T0 + 5000), files, now: T0 + 20_000 })))).toMatchObject({
      kind: "succeeded",
      writer: "dead",
    });
  });
});
