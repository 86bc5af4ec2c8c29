// The real OpenCode through the adapter's own execute(), as a Job.
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { agentTools, type ScriptedModel, toolUsingScript } from "@paperclip-k8s/offline-agents";
import { expect, it, vi } from "vitest";
import { skillOnHost } from "../../adapter-core/test/support/skills.ts";
import { after, openCodeStage, runOpenCode, runWithModel } from "./support/real-runs.ts";

// A run takes four seconds on a machine that has nothing else to do.
vi.setConfig({ testTimeout: 300_000 });

const stage = openCodeStage();
const { shell } = agentTools.opencode;

it("R1, R2, R11: a run with tools, then a resumed one without the instructions and with its own cost", async () => {
  const instructionsFilePath = join(stage().root, "AGENTS.md");
  await writeFile(instructionsFilePath, "Be brief, pelican.");
  const first = await runOpenCode(toolUsingScript({ agent: "opencode" }), {
    ...{ stage: stage(), script: "Say the word albatross.", config: { instructionsFilePath } },
  });
  expect(first.result).toMatchObject({
    ...{ exitCode: 0, errorCode: null, sessionId: expect.stringMatching(/^ses_/) },
    ...{ model: "anthropic/claude-sonnet-4-5", provider: "anthropic", billingType: "unknown" },
    ...{ summary: 'Done: the shell and the file both say "hello from the pod".', usageBasis: "per_run" },
    usage: { inputTokens: 400 },
  });
  // Its own package is not fetched: the test's model is all that it reaches.
  expect(first.stderr.replace(/^.*background dependency install failed.*\n/gm, "")).toBe("");
  expect(first.asked).toHaveLength(4);
  expect(first.asked[0]).toMatch(/pelican.*albatross/);

  const second = await runOpenCode([{ kind: "text", text: "Second." }], {
    ...{ stage: stage(), script: "Once more, toucan.", ...after(first), config: { instructionsFilePath } },
  });
  expect(second.result).toMatchObject({
    ...{ exitCode: 0, summary: "Second.", sessionId: first.result.sessionId },
    ...{ usage: { inputTokens: 100 }, costUsd: expect.closeTo(0.00048, 4) },
  });
  expect(second.asked[0]).toMatch(/albatross.*toucan/);
  expect(second.asked[0]?.match(/pelican/g)).toHaveLength(1);
  await stage().nothingLeft();
});

it("OpenCode knows the skills that the host has for the agent", async () => {
  const told = "---\nname: flightless\ndescription: What to do about penguins.\n---\nLet them swim.\n";
  const entry = await skillOnHost(join(stage().root, "host-skills"), "flightless", { "SKILL.md": told });
  const { result, asked } = await runOpenCode([{ kind: "text", text: "Known." }], {
    stage: stage(),
    config: {
      paperclipRuntimeSkills: [entry],
      paperclipSkillSync: { desiredSkills: ["acme/flightless"] },
    },
  });
  expect(result).toMatchObject({ exitCode: 0, summary: "Known." });
  expect(asked.join()).toContain("What to do about penguins.");
  await stage().nothingLeft();
});

it("R1: an unknown session is left for a fresh one", async () => {
  const sessionParams = { sessionId: "ses_00000000000000000000000000" };
  const { result, messages } = await runOpenCode([{ kind: "text", text: "Afresh." }], {
    ...{ stage: stage(), sessionParams },
  });
  expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Afresh." });
  expect(result.sessionId).not.toBe(sessionParams.sessionId);
  expect(messages.join("\n")).toContain("cannot be resumed; the run starts once more");
  await stage().nothingLeft();
});

it.each([
  ["R9", { kind: "api_error", status: 401, message: "invalid x-api-key" }, "opencode_auth_required"],
  ["C18", { kind: "refusal" }, "opencode_refusal"],
  ["C18: with exit 0,", { kind: "max_tokens", text: "Too lo" }, "opencode_output_limit"],
] as const)("%s the model's end %o is %s", async (_id, step, errorCode) => {
  const { result } = await runOpenCode([step], { stage: stage() });
  expect(result).toMatchObject({ errorCode, sessionId: expect.stringMatching(/^ses_/) });
  await stage().nothingLeft();
});

it("C18: a tool call that failed is no failure of a run that ended well", async () => {
  const script = [
    { kind: "tool", name: "read", input: { filePath: "missing.txt" } },
    { kind: "tool", ...shell("exit 3", "Fail") },
    { kind: "text", text: "Well." },
  ] as const;
  const { result } = await runOpenCode(script, { stage: stage() });
  expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Well." });
  expect(result.resultJson).toMatchObject({ toolErrors: 1, toolCalls: 2 });
  await stage().nothingLeft();
});

it("R12: a provider that is out ends the run after the bound, with what people see meanwhile", async () => {
  const script = [{ kind: "api_error", status: 529, message: "Overloaded" }] as const;
  const { result, stderr } = await runOpenCode(script, { stage: stage(), config: { providerWaitSec: 3 } });
  expect(result).toMatchObject({
    errorCode: "opencode_transient_upstream",
    errorFamily: "transient_upstream",
    errorMessage: expect.stringMatching(
      // The last wait may be one that goes beyond the bound.
      /^The provider did not answer(?: and asks .*Z)?: Overloaded\. The agent was ended after \d+ s of waiting\.$/,
    ),
    retryNotBefore: expect.stringMatching(/^20\d\d-/),
  });
  expect(result.resultJson).not.toHaveProperty("executionCancellation");
  expect(stderr).toContain("[paperclip] The agent waits for its provider: Overloaded. The run ends if that");
  await stage().nothingLeft();
});

it("R7, R12: a provider that asks to wait for longer than the bound ends the run at once, with the time", async () => {
  const step = {
    kind: "api_error",
    status: 429,
    message: "Rate limited",
    headers: { "retry-after": "3600" },
  };
  const started = Date.now();
  const { result } = await runOpenCode([step as never], { stage: stage(), config: { providerWaitSec: 600 } });
  expect(Date.now() - started).toBeLessThan(60_000);
  expect(result).toMatchObject({ errorCode: "provider_quota", errorFamily: "provider_quota" });
  expect(Date.parse(result.retryNotBefore ?? "") - started).toBeGreaterThan(3_500_000);
  await stage().nothingLeft();
});

it("R12: a gateway that answers 200 with a page of its own is an outage, and no end of the run", async () => {
  const gateway = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/html" }).end("<html>please log in</html>");
  });
  await once(gateway.listen(0, "127.0.0.1"), "listening");
  const { port } = gateway.address() as AddressInfo;
  const model = { url: `http://127.0.0.1:${port}`, requests: [] } as unknown as ScriptedModel;
  const config = { providerWaitSec: 5, lingerSec: 2 };
  const { result } = await runWithModel(model, { stage: stage(), config });
  gateway.closeAllConnections();
  gateway.close();
  expect(result).toMatchObject({
    errorCode: "opencode_transient_upstream",
    errorFamily: "transient_upstream",
    errorMessage: expect.stringContaining("The provider ends its answers for no known reason."),
  });
  await stage().nothingLeft();
});

it("R12: a provider that comes back in time is no failure", async () => {
  const steps = [
    { kind: "api_error", status: 529, message: "Overloaded" },
    { kind: "text", text: "Back." },
  ] as const;
  const { result } = await runOpenCode([{ kind: "attempts", steps }], {
    ...{ stage: stage(), config: { providerWaitSec: 60 } },
  });
  expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Back." });
  await stage().nothingLeft();
});
