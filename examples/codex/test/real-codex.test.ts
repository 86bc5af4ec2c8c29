// The real Codex through the sketch's own execute(), as a Job on a sandbox.
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { type RunOptions, run } from "../../../packages/adapter-core/test/support/run.ts";
import { sharedStage } from "../../../packages/adapter-core/test/support/shared-stage.ts";
import { createServerAdapter } from "../src/index.ts";
import { codexBinary } from "./support/codex-binary.ts";
import { type ScriptedAnswer, startScriptedResponses } from "./support/scripted-responses.ts";

const stage = sharedStage({ path: [dirname(codexBinary())] });
const agent = { agentId: randomUUID(), companyId: "company-1" };

async function runCodex(answers: readonly ScriptedAnswer[], options: Partial<RunOptions> = {}) {
  await using model = await startScriptedResponses(answers);
  const report = await run({
    ...{ stage: stage(), adapter: createServerAdapter(), script: "Say it." },
    ...agent,
    ...options,
    config: {
      ...{ model: "gpt-5-codex", baseUrl: model.url, home: "agent", env: { OPENAI_API_KEY: "x" } },
      ...options.config,
    },
  });
  await stage().nothingLeft();
  return { ...report, asked: model.asked };
}

it("runs a tool, says its last words, and resumes its session", async () => {
  const first = await runCodex([{ shell: "echo from the pod" }, { say: "All done." }], {
    script: "Say the word albatross.",
  });
  expect(first.result).toMatchObject({
    ...{ exitCode: 0, errorCode: null, summary: "All done.", model: "gpt-5-codex", billingType: "api" },
    ...{ usage: { inputTokens: 120, cachedInputTokens: 80, outputTokens: 40 } },
  });
  expect(first.stdout).toContain('"aggregated_output":"from the pod\\n"');
  expect(first.asked[0]).toContain("albatross");

  const sessionParams = first.result.sessionParams as Record<string, unknown>;
  const second = await runCodex([{ say: "Second." }], { script: "Once more, toucan.", sessionParams });
  expect(second.result).toMatchObject({ exitCode: 0, summary: "Second.", sessionId: first.result.sessionId });
  expect(second.asked[0]).toMatch(/albatross.*toucan/);
});

it("starts once more without a session that Codex does not know", async () => {
  const sessionParams = { sessionId: "01a21125-8751-7651-82b3-000000000000" };
  const { result, asked } = await runCodex([{ say: "Afresh." }], { sessionParams });
  expect(result).toMatchObject({ exitCode: 0, summary: "Afresh." });
  expect(result.sessionId).not.toBe(sessionParams.sessionId);
  expect(asked).toHaveLength(1);
});

it("tells what the API refused", async () => {
  const { result } = await runCodex([{ status: 400, message: "the model may not be used" }]);
  expect(result).toMatchObject({ errorCode: "codex_error", exitCode: 1 });
  expect(result.errorMessage).toContain("the model may not be used");
});
