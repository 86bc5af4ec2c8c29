import { expect, it } from "vitest";
import { type AgentDefinition, type AgentFailure, defineAgentAdapter } from "../../src/index.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";

const stage = sharedStage();
const failure: AgentFailure = {
  ...{ code: "shell_out", family: "transient_upstream", message: "Overloaded" },
  retryNotBefore: null,
};

/** A shell agent that waits for its provider after a line `wait` on its stderr, and no more after `go`. */
const waiting: AgentDefinition<Record<never, never>> = {
  ...shell,
  patienceSec: () => 1,
  createReducer: (options) => {
    let isWaiting = false;
    return {
      ...shell.createReducer(options),
      pushStderr: (line) => {
        isWaiting = line === "wait";
      },
      waiting: () => (isWaiting ? { streak: 1, failure } : null),
    };
  },
  verdict: (end) => ({ ...shell.verdict(end), model: "the-model" }),
};

it("R12: an agent that waits for its provider for too long ends as what it waited for, with its session", async () => {
  const script = `echo '{"session":"s-1"}'; echo wait >&2; sleep 60`;
  const { result, stderr } = await run({ stage: stage(), adapter: defineAgentAdapter(waiting), script });
  expect(result).toMatchObject({
    ...{ errorCode: "shell_out", errorFamily: "transient_upstream", sessionId: "s-1", model: "the-model" },
    errorMessage: "The provider did not answer: Overloaded. The agent was ended after 1 s of waiting.",
  });
  expect(result.resultJson).not.toHaveProperty("executionCancellation");
  expect(result.executionRecovery).toBeUndefined();
  expect(stderr).toContain("[paperclip] The agent waits for its provider: Overloaded.");
  await stage().nothingLeft();
});

it("R12: a provider that answers in time ends nothing, however long the answer takes", async () => {
  const script = `echo wait >&2; sleep 0.3; echo go >&2; sleep 1.5; echo '{"done":true}'`;
  const { result } = await run({ stage: stage(), adapter: defineAgentAdapter(waiting), script });
  expect(result).toMatchObject({ exitCode: 0, errorCode: null });
  await stage().nothingLeft();
});

it("X1: a cancel while the agent waits is a cancel", async () => {
  const cancel = new AbortController();
  const { result } = await run({
    ...{ stage: stage(), adapter: defineAgentAdapter({ ...waiting, patienceSec: () => 60 }) },
    ...{ script: "echo wait >&2; sleep 60", signal: cancel.signal },
    onChunk: (_stream, chunk) => {
      if (chunk.includes("wait")) cancel.abort();
    },
  });
  expect(result.errorCode).toBe("cancelled");
  expect(result.resultJson).toHaveProperty("executionCancellation");
  await stage().nothingLeft();
});

it("X1: a cancel while such an agent is being ended is a cancel, too", async () => {
  const cancel = new AbortController();
  const { result } = await run({
    ...{ stage: stage(), adapter: defineAgentAdapter(waiting), signal: cancel.signal },
    script: "trap 'echo ending; sleep 0.5; exit 0' TERM; echo wait >&2; while :; do sleep 0.05; done",
    onChunk: (_stream, chunk) => {
      if (chunk.includes("ending")) cancel.abort();
    },
  });
  expect(result.errorCode).toBe("cancelled");
  await stage().nothingLeft();
});

it("an agent's state has a folder of its own on the volume, the same one in each run", async () => {
  const adapter = defineAgentAdapter({
    ...shell,
    stateFolder: "memory",
    environment: ({ stateDirectory, tmpDirectory }) => ({
      STATE: `${stateDirectory}`,
      SCRATCH: tmpDirectory,
    }),
  });
  const script = `cat "$STATE/note" 2>/dev/null; echo kept >> "$STATE/note"; test -w "$SCRATCH" && echo "$STATE"`;
  const first = await run({ stage: stage(), adapter, script });
  const { agentId, companyId } = first;
  const folder = `${stage().volume}/instances/default/companies/${companyId}/agents/${agentId}/memory\n`;
  expect(first.stdout).toBe(folder);
  const second = await run({ stage: stage(), adapter, script, agentId, companyId });
  expect(second.stdout).toBe(`kept\n${folder}`);
  const other = await run({ stage: stage(), adapter, script });
  expect(other.stdout).not.toContain("kept");
});
