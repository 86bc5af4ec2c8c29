// The real OpenCode under hosts that come and go, and two runs of one agent.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { agentTools, type ScriptedModel, startScriptedModel } from "@paperclip-k8s/offline-agents";
import { describe, expect, it, vi } from "vitest";
import { ownFile } from "../../../adapter-core/test/support/own-file.ts";
import { after, leaveOpenCode, openCodeStage, runWithModel } from "../support/real-runs.ts";

vi.setConfig({ testTimeout: 300_000 });

const stage = openCodeStage();
const { shell } = agentTools.opencode;

describe.concurrent("OpenCode", () => {
  it("G5, G6, G7, L20: whose host is killed works on; only a run of its task and session takes it over, whole, and no work is done twice", async () => {
    await using world = await waitingWorld();
    const { model, agentId } = world;
    const before = await runWithModel(model, { stage: stage(), agentId, script: "Begin, albatross." });
    const orphan = { runId: randomUUID(), agentId, companyId: before.companyId };
    const its = { stage: stage(), ...after(before), script: WAIT, context: { taskId: "task-1" } };
    const file = ownFile({ stage: stage(), ...orphan });
    await leaveOpenCode(model, { ...its, runId: orphan.runId });
    file.keep();

    const config = { busyWaitSec: 0 };
    const otherTask = runWithModel(model, { ...its, config, context: { taskId: "task-2" } });
    const blocked = { errorCode: "k8s_concurrent_run_blocked", executionRecovery: { kind: "bootstrap" } };
    expect((await otherTask).result).toMatchObject(blocked);
    const otherSession = { sessionId: "ses_00000000000000000000000000" };
    const other = await runWithModel(model, { ...its, config, sessionParams: otherSession });
    expect(other.result).toMatchObject(blocked);
    expect([other.stdout, other.asked.length]).toEqual(["", 2]);

    const taken = await runWithModel(model, { ...its, ...world.goWhenFollowed });
    expect(taken.result).toMatchObject({
      ...{ exitCode: 0, errorCode: null, summary: "Waited." },
      sessionId: before.result.sessionId,
    });
    expect(taken.stdout).toBe(await file.read());
    expect(taken.stdout.match(/"type":"step_start"/g)).toHaveLength(2);
    expect(taken.stdout.match(/let go/g)?.length).toBeGreaterThan(0);
    // One call of the run before, and one for each of the orphan's steps.
    expect(taken.asked).toHaveLength(3);
  });

  it("G9: that was taken over is ended by a cancel, with its session; the new run's own work does not begin", async () => {
    await using world = await waitingWorld();
    const { model, agentId } = world;
    await leaveOpenCode(model, { stage: stage(), agentId, script: WAIT });
    const cancel = new AbortController();
    const { result, stdout, asked } = await runWithModel(model, {
      ...{ stage: stage(), agentId, script: "Own work, toucan.", signal: cancel.signal },
      onMessage: (said) => void (said.startsWith("Following Job") && cancel.abort()),
    });
    expect(result).toMatchObject({
      ...{ errorCode: "cancelled", sessionId: expect.stringMatching(/^ses_/) },
      resultJson: { executionCancellation: { state: "acknowledged" }, writer: "dead" },
    });
    expect(stdout).toContain('"step_start"');
    expect(asked.join()).not.toContain("toucan");
  });

  it("G1: two runs of one agent at the same moment work one after the other, on one database", async () => {
    await using model = await startScriptedModel({ script: [{ kind: "text", text: "Well." }] });
    const agentId = randomUUID();
    const heard: string[] = [];
    const start = (name: string) =>
      runWithModel(model, {
        ...{ stage: stage(), agentId, script: name },
        onChunk: (stream) => void (stream === "stdout" && heard.push(name)),
      });
    const ends = await Promise.all([start("first"), start("second")]);
    for (const { result, stdout, written } of ends) {
      expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Well." });
      expect(stdout).toBe(written);
    }
    expect(heard.filter((name, index) => name !== heard[index - 1])).toHaveLength(2);
    expect(new Set(ends.map(({ result }) => result.sessionId)).size).toBe(2);
  });
});

// A test and no hook: the stage is closed after it, whatever it finds.
it("nothing is left of these runs", () => stage().nothingLeft());

const WAIT = "Wait, pelican.";

/** A model whose agent, asked to wait, works until a run says that it follows it. */
async function waitingWorld(): Promise<{
  readonly model: ScriptedModel;
  readonly agentId: string;
  readonly goWhenFollowed: { onMessage: (said: string) => void };
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const agentId = randomUUID();
  const flag = join(stage().volume, `go-${agentId}`);
  const wait = shell(`while [ ! -e ${flag} ]; do sleep 0.05; done; echo let go`, "Wait", 600_000);
  const model = await startScriptedModel({
    script: ({ prompt, index }) =>
      prompt.includes(WAIT) && index === 0
        ? { kind: "tool", ...wait }
        : { kind: "text", text: prompt.includes(WAIT) ? "Waited." : "Begun." },
  });
  return {
    ...{ model, agentId },
    goWhenFollowed: {
      onMessage: (said) => void (said.startsWith("Following Job") && writeFile(flag, "")),
    },
    [Symbol.asyncDispose]: () => model.close(),
  };
}
