import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { hasParts, pausePart, restartPart } from "../../src/cluster/cluster-parts.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import type { AgentRunReport } from "../../src/run/run-agent.ts";
import { shellOn } from "../../src/run/run-shell.ts";
import { useStage } from "../../src/run/use-stage.ts";

/** A line every fifth of a second, and an end. */
const ticking = (seconds: number, end = "exit 0") =>
  `i=0; while [ $i -lt ${seconds * 5} ]; do i=$((i+1)); echo tick $i; sleep 0.2; done; ${end}`;
const ticks = (seconds: number) => Array.from({ length: seconds * 5 }, (_, i) => `tick ${i + 1}\n`).join("");

interface Started {
  /** Resolves once the agent has printed its fifth line. */
  readonly working: Promise<void>;
  readonly ended: Promise<AgentRunReport & { readonly endedAt: number }>;
  readonly cancel: AbortController;
}

describeCluster("an API server that is away", (cluster) => {
  const stage = useStage(cluster);

  function start(prompt: string): Started {
    const cancel = new AbortController();
    const working = Promise.withResolvers<void>();
    const run = shellOn(stage)(prompt, {
      runId: randomUUID(),
      signal: cancel.signal,
      onChunk: (_, chunk) => {
        if (chunk.includes("tick 5\n")) working.resolve();
      },
    });
    run.catch(working.reject);
    return {
      working: working.promise,
      ended: run.then((report) => ({ ...report, endedAt: Date.now() })),
      cancel,
    };
  }

  test.skipIf(!hasParts(cluster)).each([5, 40])(
    "for %i s, half-open: runs that end meanwhile and runs that go on have all their output and their true end (C3)",
    async (seconds) => {
      const across = start(ticking(2 + Math.ceil(seconds / 2)));
      const through = start(ticking(seconds + 6, "exit 3"));
      await Promise.all([across.working, through.working]);
      {
        await using _ = pausePart(cluster, "apiserver");
        await delay(seconds * 1000);
      }
      expect(await across.ended).toMatchObject({
        stdout: ticks(2 + Math.ceil(seconds / 2)),
        result: { exitCode: 0, errorCode: null },
      });
      expect(await through.ended).toMatchObject({
        stdout: ticks(seconds + 6),
        result: { exitCode: 3, errorCode: "agent_failed" },
      });
    },
  );

  test.skipIf(!hasParts(cluster))(
    "for 120 s across the end of a run: the outcome is told from the exit record while it is still away (C3)",
    async () => {
      const succeeded = start(ticking(10));
      const failed = start(ticking(12, "echo no fuel >&2; exit 3"));
      const cancelled = start(ticking(200));
      const through = start(ticking(125));
      await Promise.all([succeeded, failed, cancelled, through].map(({ working }) => working));
      let backAt = 0;
      {
        await using paused = pausePart(cluster, "apiserver");
        await delay(20_000);
        cancelled.cancel.abort(new Error("Cancelled by a board operator"));
        await delay(100_000);
        backAt = Date.now();
        paused.resume();
      }
      const [good, bad] = await Promise.all([succeeded.ended, failed.ended]);
      expect(good).toMatchObject({ stdout: ticks(10), result: { exitCode: 0, errorCode: null } });
      expect(bad).toMatchObject({ stdout: ticks(12), result: { exitCode: 3, errorCode: "agent_failed" } });
      expect(bad.result.errorMessage).toContain("no fuel");
      // Not an assertion of speed: both were told a minute and more before the server came back.
      expect(good.endedAt).toBeLessThan(backAt - 60_000);
      expect(bad.endedAt).toBeLessThan(backAt - 60_000);
      // X4: nobody could delete its Job in time, and so nobody says that its agent has ended: its files stay.
      const ended = await cancelled.ended;
      expect(ended.result).toMatchObject({ errorCode: "cancelled", resultJson: { writer: "not_confirmed" } });
      expect(ended.result.resultJson).not.toHaveProperty("executionCancellation");
      await rm(join(stage().namespace.volumeFolder, "instances/default/run-logs", ended.companyId), {
        recursive: true,
      });
      expect(await through.ended).toMatchObject({
        stdout: ticks(125),
        result: { exitCode: 0, errorCode: null },
      });
    },
  );

  test.skipIf(!hasParts(cluster))(
    "that was killed and refuses connections for 3 s in mid-run and across an end changes nothing (C22)",
    async () => {
      const across = start(ticking(3));
      const through = start(ticking(25));
      await Promise.all([across.working, through.working]);
      await restartPart(cluster, "apiserver", 3000);
      expect(await across.ended).toMatchObject({
        stdout: ticks(3),
        result: { exitCode: 0, errorCode: null },
      });
      expect(await through.ended).toMatchObject({
        stdout: ticks(25),
        result: { exitCode: 0, errorCode: null },
      });
    },
  );
});
