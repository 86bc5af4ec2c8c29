import { expect, test } from "vitest";
import { describePlaces, eventually, sh, startAgent, textOf } from "./run-agent.ts";

describePlaces("an early SIGTERM", (place) => {
  test.each([0, 2, 8])("X1 %i ms after the run was taken ends it, with a record", async (ms) => {
    const run = startAgent(place, { command: sh("exec sleep 30"), graceSec: 1 });
    await eventually(() => textOf(run.files.started) !== "");
    await new Promise((resolve) => setTimeout(resolve, ms));
    run.signal("SIGTERM");
    const { code, record } = await run.ended;
    // 137 where the signal fell between the fork and the exec of the agent CLI: its grace then ends it.
    expect([143, 137]).toContain(code);
    expect(record).toMatchObject({ status: code, failure: null });
  });
});
