import { expect, it } from "vitest";
import { type AgentDefinition, defineAgentAdapter } from "../../src/index.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";

const stage = sharedStage();

/** A shell agent whose line `{"done":true}` is its last word. */
const closing: AgentDefinition<Record<never, never>> = {
  ...shell,
  createReducer: (options) => {
    const reducer = shell.createReducer(options);
    return { ...reducer, isClosed: () => reducer.result().state === "finished" };
  },
};
const adapter = defineAgentAdapter(closing);
const config = { lingerSec: 1 };
const lingering = (said: string) => `echo '{"session":"s-1"}'; ${said}; echo '{"done":true}'; sleep 60`;

it("C20: an agent CLI that finishes and stays is ended, and the run is the success that it had told", async () => {
  const { result, stdout, stderr } = await run({
    stage: stage(),
    adapter,
    config,
    script: lingering("true"),
  });
  expect(result).toMatchObject({
    ...{ exitCode: 0, signal: null, errorCode: null, errorMessage: null, sessionId: "s-1" },
    resultJson: { outcome: "succeeded", writer: "dead" },
  });
  expect(result.resultJson).not.toHaveProperty("executionCancellation");
  expect(stdout).toBe('{"session":"s-1"}\n{"done":true}\n');
  expect(stderr).toContain("[paperclip] The agent CLI has finished and not ended for 1 s: it is ended.\n");
  await stage().nothingLeft();
});

it("C20: and a failure where it had told of one", async () => {
  const script = lingering(`echo '{"error":"no fuel"}'`);
  const { result } = await run({ stage: stage(), adapter, config, script });
  expect(result).toMatchObject({ errorCode: "shell_error", errorMessage: "no fuel" });
  expect(result.resultJson).not.toHaveProperty("executionCancellation");
  await stage().nothingLeft();
});

it("X1: a cancel of one that lingers is a cancel", async () => {
  const cancel = new AbortController();
  const { result } = await run({
    ...{
      stage: stage(),
      adapter,
      config: { lingerSec: 60 },
      script: lingering("true"),
      signal: cancel.signal,
    },
    onChunk: (_stream, chunk) => {
      if (chunk.includes("done")) cancel.abort();
    },
  });
  expect(result).toMatchObject({
    errorCode: "cancelled",
    resultJson: { executionCancellation: { state: "acknowledged" } },
  });
  await stage().nothingLeft();
});
