import type { V1Job } from "@kubernetes/client-node";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseOrphan, concurrencyKey, decideGuard } from "../../src/launch/guard.ts";
import { T0 } from "../support/facts.ts";
import { specOf } from "../support/world.ts";

interface JobShape {
  readonly uid: string;
  readonly ageSec?: number;
  readonly suspended?: boolean;
  readonly finished?: boolean;
  readonly terminating?: boolean;
  readonly active?: number;
  readonly queued?: boolean;
}

function job({ uid, ageSec = 0, suspended = false, finished, terminating, active, queued }: JobShape): V1Job {
  return {
    metadata: {
      uid,
      name: uid,
      creationTimestamp: new Date(T0 - ageSec * 1000),
      deletionTimestamp: terminating ? new Date(T0) : undefined,
      labels: queued ? { "kueue.x-k8s.io/queue-name": "q" } : {},
    },
    spec: { suspend: suspended } as V1Job["spec"],
    status: { active, conditions: finished ? [{ type: "Failed", status: "True" }] : [] } as V1Job["status"],
  };
}

const own = job({ uid: "own", ageSec: 10, suspended: true });
const decide = (...others: JobShape[]) => decideGuard({ own, listed: [own, ...others.map(job)] }).kind;

describe("who may work", () => {
  test("alone, a run resumes; finished Jobs do not count", () => {
    expect(decide()).toBe("resume");
    expect(decide({ uid: "x", finished: true })).toBe("resume");
  });

  test.each<[string, JobShape]>([
    ["G6 one that works", { uid: "x" }],
    ["G4 one that terminates", { uid: "x", terminating: true }],
    ["one that a queue has", { uid: "x", suspended: true, queued: true }],
    ["one that was suspended while its pod still ends", { uid: "x", suspended: true, active: 1 }],
    ["G2 an older one that waits as this one does", { uid: "x", suspended: true, ageSec: 11 }],
    ["G2 one of the same second with a smaller UID", { uid: "a", suspended: true, ageSec: 10 }],
  ])("%s makes it withdraw", (_name, other) => {
    expect(decide(other)).toBe("withdraw");
  });

  test("G2 the oldest of several that wait stays, and looks again", () => {
    expect(decide({ uid: "x", suspended: true, ageSec: 9 })).toBe("stay");
    expect(decide({ uid: "z", suspended: true, ageSec: 10 })).toBe("stay");
    expect(decide({ uid: "a", suspended: true, ageSec: 20, terminating: true })).toBe("stay");
  });

  test("G2 however many create at the same moment, exactly one stays and the others withdraw", () => {
    const shape = fc.record({ uid: fc.uuid(), ageSec: fc.integer({ min: 0, max: 3 }) });
    const several = fc.uniqueArray(shape, { minLength: 2, maxLength: 8, selector: ({ uid }) => uid });
    fc.assert(
      fc.property(several, (shapes) => {
        const listed = shapes.map((one) => job({ ...one, suspended: true }));
        const kinds = listed.map((one) => decideGuard({ own: one, listed }).kind);
        expect(kinds.filter((kind) => kind === "stay")).toHaveLength(1);
        expect(kinds.filter((kind) => kind === "resume")).toHaveLength(0);
      }),
      { seed: 2 },
    );
  });
});

describe("the key under which one Job is live", () => {
  const { identity } = specOf();

  test("G13 ids are compared in full, however much of them is the same", () => {
    const a = concurrencyKey({ ...identity, agentId: "0123456789abcdef-one" }, "agent");
    const b = concurrencyKey({ ...identity, agentId: "0123456789abcdef-two" }, "agent");
    expect(a).not.toBe(b);
  });

  test("two empty tasks are one task, and tasks of one agent are apart only where that is asked for", () => {
    const none = { ...identity, taskId: null };
    expect(concurrencyKey(none, "task")).toBe(concurrencyKey({ ...none, taskId: "" }, "task"));
    expect(concurrencyKey(none, "task")).not.toBe(concurrencyKey(identity, "task"));
    expect(concurrencyKey(none, "agent")).toBe(concurrencyKey(identity, "agent"));
    expect(concurrencyKey(identity, "unlimited")).toBeNull();
  });
});

describe("which live Job a new run takes over", () => {
  const { identity } = specOf({ identity: { sessionId: "s1" } });
  const choose = (
    theirs: Partial<typeof identity>,
    options: { shape?: Partial<JobShape>; retryOfRunId?: string; followed?: boolean; protocol?: string } = {},
  ) =>
    chooseOrphan({
      blockers: [job({ uid: "x", ...options.shape })],
      identity,
      retryOfRunId: options.retryOfRunId ?? null,
      readRun: () =>
        ({
          protocol: options.protocol ?? "1",
          identity: { ...identity, runId: "earlier", ...theirs },
        }) as never,
      isFollowed: () => options.followed ?? false,
    })?.job.metadata?.uid ?? null;

  test("G5 one of the same task and session, or of a session that is not known yet", () => {
    expect(choose({})).toBe("x");
    expect(choose({ sessionId: null })).toBe("x");
  });

  test("G6 G7 not one of another task, session, agent or adapter", () => {
    expect(choose({ taskId: "other" })).toBeNull();
    expect(choose({ sessionId: "s2" })).toBeNull();
    expect(choose({ agentId: "other" })).toBeNull();
    expect(choose({ adapterType: "other" })).toBeNull();
  });

  test("one that this run retries, whatever its session, but not of another adapter", () => {
    expect(choose({ sessionId: "s2" }, { retryOfRunId: "earlier" })).toBe("x");
    expect(choose({ adapterType: "other" }, { retryOfRunId: "earlier" })).toBeNull();
  });

  test("G4 not one that terminates, waits to be resumed, or is followed here", () => {
    expect(choose({}, { shape: { terminating: true } })).toBeNull();
    expect(choose({}, { shape: { suspended: true } })).toBeNull();
    expect(choose({}, { followed: true })).toBeNull();
  });

  test("G12 not one whose pod speaks another protocol, as while hosts are being updated", () => {
    expect(choose({}, { protocol: "2" })).toBeNull();
    expect(choose({}, { protocol: "2", retryOfRunId: "earlier" })).toBeNull();
  });

  test("G8 of several the retried one, else the oldest", () => {
    const jobs = [
      job({ uid: "young", ageSec: 1 }),
      job({ uid: "old", ageSec: 9 }),
      job({ uid: "mid", ageSec: 5 }),
    ];
    const pick = (retryOfRunId: string | null) =>
      chooseOrphan({
        blockers: jobs,
        identity,
        retryOfRunId,
        readRun: (one) =>
          ({ protocol: "1", identity: { ...identity, runId: `run-${one.metadata?.uid}` } }) as never,
        isFollowed: () => false,
      })?.job.metadata?.uid;
    expect(pick(null)).toBe("old");
    expect(pick("run-mid")).toBe("mid");
  });
});
