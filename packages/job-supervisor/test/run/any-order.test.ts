// A model of everything that can reach a run, in any order, repeated or lost.
import type { V1Job } from "@kubernetes/client-node";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Outcome, RunFiles } from "../../src/index.ts";
import { jobWith, podIn, record, runningPod, T0, terminatedPod } from "../support/facts.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { supervised } from "../support/supervised.ts";

type Step =
  | "pending"
  | "running"
  | "terminated"
  | "pod gone"
  | "job complete"
  | "job gone"
  | "mark"
  | "record"
  | "api away"
  | "api back"
  | "cancel"
  | "a second"
  | "a minute";

const STEPS: readonly Step[] = [
  "pending",
  "running",
  "terminated",
  "pod gone",
  "job complete",
  "job gone",
  "mark",
  "record",
  "api away",
  "api back",
  "cancel",
  "a second",
  "a minute",
];

interface Seen {
  readonly outcomes: Outcome[];
  /** The outcome before time was allowed to run out. */
  readonly early: Outcome | null;
  deletions: number;
}

/** Plays steps to one run, then lets an hour pass with the API back. */
async function play(steps: readonly Step[], deletes: "works" | "fails"): Promise<Seen> {
  const clock = fakeClock(T0);
  let healthySince: number | null = T0 - 3_600_000;
  let tell: Parameters<RunFiles["observe"]>[0] = () => {};
  let started = false;
  const seen = { outcomes: [] as Outcome[], early: null as Outcome | null, deletions: 0 };
  const run = supervised({
    clock,
    api: {
      deleteJob: async () => {
        seen.deletions += 1;
        if (deletes === "fails") throw new Error("not an answer that anybody knows");
      },
      listEvents: async () => [],
    },
    files: {
      observe: (listener) => {
        tell = listener;
      },
    },
    run: { identity: { runId: "run-1" } } as never,
    healthySince: () => healthySince,
  });
  void run.outcome.then((outcome) => seen.outcomes.push(outcome));
  const does: Record<Step, () => unknown> = {
    pending: () => run.podChanged(podIn({ waiting: { reason: "ContainerCreating" } })),
    running: () => run.podChanged(runningPod()),
    terminated: () => run.podChanged(terminatedPod({ exitCode: 0, reason: "Completed" })),
    "pod gone": () => run.podRemoved(runningPod()),
    "job complete": () => run.jobChanged(jobWith({ type: "Complete", at: clock.now() }) as V1Job),
    "job gone": () => run.jobRemoved(),
    mark: () => {
      started = true;
      tell({ started, record: null });
    },
    record: () => tell({ started: true, record: record() }),
    "api away": () => {
      healthySince = null;
      run.reconsider();
    },
    "api back": () => {
      healthySince ??= clock.now();
      run.reconsider();
    },
    cancel: () => void run.cancel("over"),
    "a second": () => clock.advance(1_000),
    "a minute": () => clock.advance(60_000),
  };
  for (const step of steps) {
    await does[step]();
    await Promise.resolve();
  }
  seen.early = seen.outcomes[0] ?? null;
  does["api back"]();
  await passAnHour(clock);
  return seen;
}

async function passAnHour(clock: FakeClock): Promise<void> {
  for (let minutes = 0; minutes < 60; minutes += 1) await clock.advance(60_000);
}

const anySteps = fc.array(fc.constantFrom(...STEPS), { maxLength: 14 });
const BOUNDED = { seed: 20261121, numRuns: 150 };

test("every order of every word ends in exactly one outcome, or in a run that still works", async () => {
  await fc.assert(
    fc.asyncProperty(
      anySteps,
      fc.constantFrom("works" as const, "fails" as const),
      async (steps, deletes) => {
        const { outcomes } = await play(steps, deletes);
        const stillWorks =
          outcomes.length === 0 && steps.some((step) => step === "mark" || step === "running");
        expect(outcomes.length === 1 || stillWorks).toBe(true);
      },
    ),
    BOUNDED,
  );
});

test("a record of a success, heard before any end, is a success whatever else is heard", async () => {
  const words = STEPS.filter(
    (step) => !["cancel", "terminated", "job gone", "pod gone", "a minute"].includes(step),
  );
  const before = fc.array(fc.constantFrom(...words), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(before, anySteps, async (first, then) => {
      const { outcomes } = await play([...first, "record", ...then], "works");
      expect(outcomes).toMatchObject([{ kind: "succeeded", writer: "dead" }]);
    }),
    BOUNDED,
  );
});

test("X6 a writer that was seen at work is never called one that never started, nor dead without a proof", async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      const { outcomes } = await play(["running", "mark", ...steps], "works");
      const proof = steps.includes("record") || steps.includes("terminated");
      for (const { writer } of outcomes) {
        expect(writer).not.toBe("never_started");
        if (!proof) expect(writer).toBe("not_confirmed");
      }
    }),
    BOUNDED,
  );
});

test("a run is deleted once at most, and only where somebody asked or it cannot start", async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      const { deletions } = await play(["running", "mark", ...steps], "works");
      expect(deletions).toBeLessThanOrEqual(steps.includes("cancel") ? 1 : 0);
    }),
    BOUNDED,
  );
});
