import { describe, expect, test } from "vitest";
import { diagnose, type Facts } from "../../src/index.ts";
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

const killed = withRecord({ status: 137, signal: "SIGKILL" });
const failed = withRecord({ status: 1 });

describe("a non-zero end and its reason", () => {
  test("C9 the record waits up to 5 s for the reason that only the kubelet knows", () => {
    const early = facts({ pods: there(runningPod()), files: killed, now: T0 + 11_000 });
    expect(diagnose(early)).toMatchObject({ phase: "finishing", reviewAt: T0 + 15_000 });
    const told = { ...early, pods: there(terminatedPod({ exitCode: 137, reason: "OOMKilled" })) };
    expect(outcomeOf(diagnose(told))).toMatchObject({ kind: "oom_killed", probable: false, exitCode: 137 });
  });

  test("C9 a child killed for memory is told by the container's reason, whatever the agent's own code", () => {
    const pods = there(terminatedPod({ exitCode: 1, reason: "OOMKilled" }));
    expect(outcomeOf(diagnose(facts({ pods, files: failed })))).toMatchObject({
      kind: "oom_killed",
      probable: false,
      exitCode: 1,
    });
  });

  test("C9 137 that nobody explains is a probable one", () => {
    const verdict = diagnose(facts({ pods: there(runningPod()), files: killed, now: T0 + 15_000 }));
    expect(outcomeOf(verdict)).toMatchObject({ kind: "oom_killed", probable: true });
    const bare = facts({ pods: there(terminatedPod({ exitCode: 137 })), now: T0 + 20_000 });
    expect(outcomeOf(diagnose(bare))).toMatchObject({ kind: "oom_killed", probable: true });
  });

  test("a container's end without a reason ends the wait", () => {
    const pods = there(terminatedPod({ exitCode: 1 }));
    expect(outcomeOf(diagnose(facts({ pods, files: failed })))).toMatchObject({
      kind: "failed",
      exitCode: 1,
    });
  });

  test("C3 with the API away nobody waits for what it could say", () => {
    const away = facts({ files: failed, apiHealthy: false, apiHealthySince: null });
    expect(outcomeOf(diagnose(away))).toMatchObject({ kind: "failed", exitCode: 1, writer: "dead" });
  });

  test.each([
    ["eviction", { phase: "Failed", reason: "Evicted", message: "The node was low on memory" }, "evicted"],
    ["a drain", disrupted("EvictionByEvictionAPI"), "disrupted"],
    ["preemption", disrupted("PreemptionByScheduler"), "disrupted"],
    ["the kubelet's shutdown", disrupted("TerminationByKubelet"), "disrupted"],
    ["a lost node", disrupted("DeletionByTaintManager"), "node_lost"],
    ["a node that was removed", disrupted("DeletionByPodGC"), "node_lost"],
    ["an unknown container", { phase: "Failed", reason: "NodeLost" }, "node_lost"],
  ])("C10 137 by %s is told apart", (_name, status, kind) => {
    const end = podIn(
      { terminated: { exitCode: 137, reason: "Error", finishedAt: new Date(T0 + 9000) } },
      status as never,
    );
    expect(outcomeOf(diagnose(facts({ pods: there(end), files: killed })))).toMatchObject({ kind });
    expect(outcomeOf(diagnose(facts({ pods: there(end), now: T0 + 60_000 })))).toMatchObject({ kind });
  });

  test("C10 the Job's deadline is told before its pod has gone", () => {
    const job = jobWith({ type: "FailureTarget", reason: "DeadlineExceeded" });
    const outcome = outcomeOf(
      diagnose(facts({ job, pods: there(runningPod()), files: withRecord({ status: 143 }) })),
    );
    expect(outcome).toMatchObject({ kind: "deadline_exceeded", exitCode: 143 });
  });

  test("a success beats every reason: the work is done", () => {
    const end = podIn({ running: {} }, disrupted("EvictionByEvictionAPI") as never);
    expect(outcomeOf(diagnose(facts({ pods: there(end), files: withRecord({}) })))).toMatchObject({
      kind: "succeeded",
    });
  });

  test("X3 C10 a node that nobody hears of has the pod's grace to come back, and its agent's record still counts", () => {
    const lost = podIn({ running: { startedAt: new Date(T0) } }, {
      conditions: [
        { type: "PodScheduled", status: "True" },
        {
          ...{ type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" },
          lastTransitionTime: new Date(T0 + 60_000),
        },
      ],
    } as never);
    const started = { started: true, startedSeenAt: T0, record: null, recordSeenAt: null };
    const at = (ms: number, files = started as Facts["files"]) =>
      diagnose(facts({ pods: there(lost), files, now: T0 + ms }));
    expect(at(149_999)).toMatchObject({ phase: "finishing", reviewAt: T0 + 150_000, state: "running" });
    expect(outcomeOf(at(150_000))).toMatchObject({ kind: "node_lost", writer: "not_confirmed" });
    expect(at(150_000)).toMatchObject({ mustStop: false });
    expect(outcomeOf(at(100_000, withRecord({})))).toMatchObject({ kind: "succeeded", writer: "dead" });
  });

  test("a pod that its node lost while it ran is not confirmed dead", () => {
    const lost = podIn({ running: {} }, { phase: "Failed", ...disrupted("DeletionByTaintManager") } as never);
    expect(outcomeOf(diagnose(facts({ pods: there(lost) })))).toMatchObject({
      kind: "node_lost",
      writer: "not_confirmed",
    });
  });
});

function disrupted(reason: string) {
  const conditions = [
    { type: "PodScheduled", status: "True" },
    { type: "DisruptionTarget", status: "True", reason, message: "said Kubernetes" },
  ];
  return { conditions };
}
