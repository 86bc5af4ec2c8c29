// What the log API did to predecessors' output, done to every stream that a run of ours has: it has none for output.
import { expect, it } from "vitest";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";

const stage = sharedStage();
const LINES = 300;
const expected = Array.from({ length: LINES }, (_, index) => `line ${index + 1}\n`).join("");
const counting = `i=0; while [ $i -lt ${LINES} ]; do i=$((i+1)); echo "line $i"; [ $((i % 30)) -ne 0 ] || sleep 0.1; done`;

it("L1, L2: streams that drop again and again cost no line and repeat none, and no log is asked for", async () => {
  const { sandbox } = stage();
  const before = sandbox.requests.length;
  let lines = 0;
  const { result, stdout } = await run({
    ...{ stage: stage(), script: counting },
    onChunk: (_stream, chunk) => {
      lines += chunk.split("\n").length - 1;
      if (lines % 30 === 0) sandbox.faults.dropWatches();
    },
  });
  expect(stdout).toBe(expected);
  expect(result).toMatchObject({ exitCode: 0, errorCode: null });
  const requests = sandbox.requests.slice(before);
  expect(requests.filter(({ verb }) => verb === "watch").length).toBeGreaterThanOrEqual(4);
  expect(requests.filter(({ subresource }) => subresource === "log")).toEqual([]);
  await stage().nothingLeft();
});

it("L3: a drop, much output after it, and a Job whose end is heard late: not truncated", async () => {
  const { faults } = stage().sandbox;
  let isDropped = false;
  const halfOpen: { remove(): void }[] = [];
  const { result, stdout } = await run({
    ...{ stage: stage(), script: `${counting}; exit 3` },
    onChunk: () => {
      if (isDropped) return;
      isDropped = true;
      // Whatever is opened from now on says nothing any more, as behind a dead load balancer.
      halfOpen.push(faults.inject({ match: { verb: "watch" }, fault: { kind: "half_open" } }));
      faults.dropWatches();
    },
  });
  for (const fault of halfOpen) fault.remove();
  expect(stdout).toBe(expected);
  expect(result).toMatchObject({ exitCode: 3, errorCode: "agent_failed" });
  await stage().nothingLeft();
});
