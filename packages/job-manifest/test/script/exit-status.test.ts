import { describe, expect, test } from "vitest";
import { describePlaces, POD_UID, places, runAgent, sh } from "./run-agent.ts";

describePlaces("the end of the agent CLI", (place) => {
  test("C19 the container's exit code is the agent's, and the record tells it", async () => {
    const before = Date.now();
    const ended = await runAgent(place, { command: sh("echo out; echo err >&2; exit 7") });
    expect(ended.code).toBe(7);
    expect(ended.record).toMatchObject({
      version: 1,
      podUid: POD_UID,
      status: 7,
      signal: null,
      failure: null,
      stdoutBytes: 4,
      stderrBytes: 4,
    });
    expect(ended.stdout.toString()).toBe("out\n");
    expect(ended.stderr).toBe("err\n");
    // A shell without milliseconds knows its start to the second.
    expect(ended.record!.startedAt).toBeGreaterThan(before - 1100);
    expect(ended.record!.endedAt).toBeLessThanOrEqual(Date.now() + 100);
    expect(ended.record!.endedAt).toBeGreaterThanOrEqual(ended.record!.startedAt);
  });

  test("death by a signal is 128 plus its number, with the signal's name", async () => {
    const ended = await runAgent(place, { command: sh("kill -SEGV $$") });
    expect(ended.code).toBe(139);
    expect(ended.record).toMatchObject({ status: 139, signal: "SIGSEGV", failure: null });
  });

  test("C9 an agent that is killed leaves a record all the same", async () => {
    const ended = await runAgent(place, { command: sh("echo working; kill -KILL $$") });
    expect(ended.code).toBe(137);
    expect(ended.record).toMatchObject({ status: 137, signal: "SIGKILL", stdoutBytes: 8 });
    expect(ended.errorLog).toBe("");
  });
});

describe.concurrent.each(places().slice(0, 1))("status 200, $title", (place) => {
  test("a status that no signal explains has none", async () => {
    const ended = await runAgent(place, { command: sh("exit 200") });
    expect(ended.code).toBe(200);
    expect(ended.record).toMatchObject({ status: 200, signal: null });
  });
});
