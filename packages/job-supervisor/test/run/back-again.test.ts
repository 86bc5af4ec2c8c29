import { expect, test } from "vitest";
import { jobWith, runningPod, T0 } from "../support/facts.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { supervised } from "../support/supervised.ts";

test("C5 a Job that one list lacked and the next has was never gone", async () => {
  const clock = fakeClock(T0);
  const run = supervised({ clock });
  run.podChanged(runningPod());
  run.jobRemoved();
  expect(run.liveness().state).toBe("gone");
  run.jobChanged(jobWith(null));
  expect(run.liveness().state).toBe("alive");
});
