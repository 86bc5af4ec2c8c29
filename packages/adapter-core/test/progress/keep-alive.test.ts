import type { Liveness } from "@paperclip-k8s/job-supervisor";
import { expect, it } from "vitest";
import { startKeepAlive } from "../../src/progress/keep-alive.ts";
import { fakeClock } from "../support/fake-clock.ts";

function silent(
  life: () => Liveness,
  write?: (line: string) => Promise<void>,
  waitsFor: () => string | null = () => null,
) {
  const clock = fakeClock();
  const lines: string[] = [];
  const keepAlive = startKeepAlive({
    ...{ clock, silenceMs: 60_000, liveness: life, waitsFor },
    write: async (line) => {
      lines.push(line);
      await write?.(line);
    },
  });
  return { clock, lines, keepAlive };
}

const alive = (clock: { now(): number }): Liveness => ({ state: "alive", verifiedAt: clock.now() - 5000 });

it("says nothing while the agent is heard", async () => {
  const { clock, lines, keepAlive } = silent(() => alive(clock));
  for (let minute = 0; minute < 10; minute++) {
    await clock.advance(59_000);
    keepAlive.heard();
  }
  expect(lines).toEqual([]);
});

it("says after a minute of silence that the Job is alive, and when that was verified", async () => {
  const { clock, lines } = silent(() => alive(clock));
  await clock.advance(59_999);
  expect(lines).toEqual([]);
  await clock.advance(1);
  expect(lines).toEqual(["[paperclip] The agent's Job is alive (60 s without output; verified 5 s ago).\n"]);
});

it("says of an agent that has not started what it waits for", async () => {
  let waitsFor: string | null = "Pulling the image (pod p1): ErrImagePull";
  const { clock, lines } = silent(
    () => alive(clock),
    undefined,
    () => waitsFor,
  );
  await clock.advance(60_000);
  waitsFor = null;
  await clock.advance(60_000);
  expect(lines).toEqual([
    "[paperclip] The agent has not started yet: Pulling the image (pod p1): ErrImagePull (verified 5 s ago).\n",
    expect.stringContaining("is alive (120 s without output"),
  ]);
});

it("says it again after each further minute, and counts the silence from the agent's last word", async () => {
  const { clock, lines, keepAlive } = silent(() => alive(clock));
  await clock.advance(30_000);
  keepAlive.heard();
  await clock.advance(60_000);
  expect(lines).toHaveLength(1);
  await clock.advance(120_000);
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain("180 s without output");
});

it("says that it does not know while the API server does not answer", async () => {
  const { clock, lines } = silent(() => ({ state: "unknown", verifiedAt: clock.now() - 90_000 }));
  await clock.advance(60_000);
  expect(lines[0]).toMatch(/not known now: the API server does not answer .*last verified 90 s ago/);
  expect(lines[0]).not.toContain("is alive (");
});

it("says of what was never verified that it never was", async () => {
  const { clock, lines } = silent(() => ({ state: "unknown", verifiedAt: null }));
  await clock.advance(60_000);
  expect(lines[0]).toContain("last verified never");
});

it.each(["terminal", "gone"] as const)(
  "does not blame the API server for a Job that is %s",
  async (state) => {
    const { clock, lines } = silent(() => ({ state, verifiedAt: clock.now() }));
    await clock.advance(60_000);
    expect(lines[0]).toContain("has ended");
    expect(lines[0]).not.toContain("API server");
  },
);

it("L19: a log that refuses or throws is offered the next line all the same", async () => {
  let offers = 0;
  const clock = fakeClock();
  startKeepAlive({
    ...{ clock, silenceMs: 60_000, liveness: () => alive(clock), waitsFor: () => null },
    write: () => {
      offers += 1;
      if (offers === 1) throw new Error("at once");
      return Promise.reject(new Error("later"));
    },
  });
  await clock.advance(180_000);
  expect(offers).toBe(3);
});

it("is quiet, and sets no timer, once it is stopped", async () => {
  const { clock, lines, keepAlive } = silent(() => alive(clock));
  await clock.advance(60_000);
  keepAlive.stop();
  expect(clock.pending).toBe(0);
  await clock.advance(600_000);
  expect(lines).toHaveLength(1);
});
