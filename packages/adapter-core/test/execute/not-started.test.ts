import { expect, it } from "vitest";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";

const stage = sharedStage({ images: { slow: { "example/slow:1": 60_000 } } });

it("C12: the log of a run whose image is being pulled does not say that the agent is alive", async () => {
  const cancel = new AbortController();
  const { stderr } = await run({
    ...{ stage: stage(), script: "true", signal: cancel.signal },
    config: { image: "example/slow:1", keepAliveSec: 10 },
    onChunk: () => cancel.abort(),
  });
  expect(stderr).toMatch(/^\[paperclip\] The agent has not started yet: .*\(pod .*\) \(verified .*\)\.\n/);
  expect(stderr).not.toContain("is alive");
  await stage().nothingLeft();
});
