import { expect, it } from "vitest";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";

const stage = sharedStage();

it("C8, L22: a run that reaches timeoutSec has its grace period, all its output, and its session", async () => {
  const script = `trap 'echo saved; exit 0' TERM; echo '{"session":"s-1"}'; while :; do sleep 0.02; done`;
  const { result, stdout } = await run({ stage: stage(), script, config: { timeoutSec: 1 } });
  expect(result).toMatchObject({ timedOut: true, errorCode: "timeout", sessionId: "s-1" });
  expect(result.executionRecovery).toBeUndefined();
  expect(stdout).toBe(`{"session":"s-1"}\nsaved\n`);
  await stage().nothingLeft();
});

it.each([
  ["C6: timeoutSec 0 means none", 0],
  ["C7: a finite one is not reached", 20],
])("%s", async (_what, timeoutSec) => {
  const { result, stdout } = await run({
    stage: stage(),
    script: "sleep 1.2; echo done",
    config: { timeoutSec },
  });
  expect(result).toMatchObject({ exitCode: 0, timedOut: false, errorCode: null });
  expect(stdout).toBe("done\n");
  await stage().nothingLeft();
});
