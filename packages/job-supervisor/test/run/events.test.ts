import type { CoreV1Event } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { KubeApiError } from "../../src/index.ts";
import { podIn, T0 } from "../support/facts.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { supervised } from "../support/supervised.ts";

/** A run whose events are what `answer` gives, with what was asked for. */
function runWith(answer: (uid: string) => CoreV1Event[]) {
  const clock = fakeClock(T0);
  const asked: string[] = [];
  const deleted: string[] = [];
  const run = supervised({
    clock,
    api: {
      listEvents: async (uid) => {
        asked.push(uid);
        return answer(uid);
      },
      deleteJob: async (name) => void deleted.push(name),
    },
    healthySince: () => T0 - 60_000,
  });
  run.reconsider();
  return { clock, asked, deleted, run };
}

test("C12 a pod that came after the first question is asked about as well, so that a slow pull is seen", async () => {
  const pulling = { reason: "Pulling" } as CoreV1Event;
  const { clock, asked, deleted, run } = runWith((uid) => (uid === "pod-1" ? [pulling] : []));
  await clock.advance(6_000);
  expect(asked).toEqual(["job-1"]);
  run.podChanged(podIn({ waiting: { reason: "ContainerCreating" } }));
  const phases: string[] = [];
  run.onProgress(({ phase }) => phases.push(phase));
  await clock.advance(240_000);
  expect(asked).toEqual(["job-1", "job-1", "pod-1"]);
  expect(phases.at(-1)).toBe("pulling");
  expect(deleted).toEqual([]);
});

test("C12 an answer about the Job alone does not speak for a pod that came meanwhile", async () => {
  const pulling = { reason: "Pulling" } as CoreV1Event;
  const { clock, asked, deleted, run } = runWith((uid) => {
    // The pod becomes known between the question and its answer.
    if (asked.length === 1) run.podChanged(podIn({ waiting: { reason: "ContainerCreating" } }));
    return uid === "pod-1" ? [pulling] : [];
  });
  await clock.advance(240_000);
  expect(asked).toEqual(["job-1", "job-1", "pod-1"]);
  expect(deleted).toEqual([]);
});

test("events that may not be read are asked for once a minute, and end nothing early", async () => {
  const { clock, asked, deleted, run } = runWith(() => {
    throw new KubeApiError({ code: "forbidden", message: "no" });
  });
  run.podChanged(podIn({ waiting: { reason: "ContainerCreating" } }));
  await clock.advance(899_000);
  expect(deleted).toEqual([]);
  expect(asked.length / 2).toBeLessThanOrEqual(14);
  await clock.advance(2_000);
  expect(deleted).toEqual(["run"]);
});
