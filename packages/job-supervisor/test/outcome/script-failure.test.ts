import { expect, test } from "vitest";
import { diagnose } from "../../src/index.ts";
import { facts, outcomeOf, runningPod, T0, terminatedPod, there, withRecord } from "../support/facts.ts";

test.each([
  ["cli_missing", { kind: "start_failed", failure: "cli_missing" }],
  ["already_started", { kind: "start_failed", failure: "already_started" }],
  ["output_unwritable", { kind: "start_failed", failure: "output_unwritable" }],
  ["disk_full", { kind: "disk_full" }],
  ["lease_expired", { kind: "lease_expired" }],
  ["a_word_of_tomorrow", { kind: "start_failed", failure: "a_word_of_tomorrow" }],
])("C11 the script's own failure %s is told at once and never as a success", (failure, expected) => {
  const files = withRecord({ failure, status: failure === "disk_full" ? 0 : 127 });
  expect(outcomeOf(diagnose(facts({ pods: there(runningPod()), files })))).toMatchObject(expected);
});

test("C11 where the run directory cannot be written the termination message tells the failure", () => {
  const end = terminatedPod({ exitCode: 1 });
  const terminated = end.status?.containerStatuses?.[0]?.state?.terminated;
  if (terminated) terminated.message = "output_unwritable: cannot create /paperclip/r1.pod.started\n";
  const outcome = outcomeOf(diagnose(facts({ pods: there(end), now: T0 + 60_000 })));
  expect(outcome).toMatchObject({
    kind: "start_failed",
    failure: "output_unwritable",
    exitCode: 1,
    writer: "dead",
  });
  expect(outcome.message).toContain("cannot create /paperclip/r1.pod.started");
});

test("an agent's own last words are not taken for the script's", () => {
  const end = terminatedPod({ exitCode: 1 });
  const terminated = end.status?.containerStatuses?.[0]?.state?.terminated;
  if (terminated) terminated.message = "Error: output_unwritable: no";
  expect(outcomeOf(diagnose(facts({ pods: there(end), now: T0 + 60_000 })))).toMatchObject({
    kind: "failed",
  });
});

test("L14 a container that runs for 30 s without its mark does not see the host's volume", () => {
  const pods = there(runningPod());
  expect(diagnose(facts({ pods, now: T0 + 30_999 }))).toMatchObject({
    state: "running",
    reviewAt: T0 + 31_000,
  });
  expect(diagnose(facts({ pods, now: T0 + 31_000 }))).toMatchObject({
    state: "ended",
    mustStop: true,
    outcome: { kind: "volume_mismatch" },
  });
});

test("G5 a host that takes up a Job of an hour looks for its mark before it judges", () => {
  const late = facts({ pods: there(runningPod()), followedSince: T0 + 3_600_000, now: T0 + 3_600_001 });
  expect(diagnose(late)).toMatchObject({ state: "running", reviewAt: T0 + 3_630_000 });
});
