// The real OpenCode for hosts that can do little, on clusters that allow little, and with much to say.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { agentTools, startScriptedModel } from "@paperclip-k8s/offline-agents";
import { describe, expect, it, vi } from "vitest";
import { REQUIRED_RIGHTS } from "../../../adapter-core/src/checks/check-permissions.ts";
import { sharedStage } from "../../../adapter-core/test/support/shared-stage.ts";
import { createServerAdapter } from "../../src/index.ts";
import { configFor, openCodeStage, runOpenCode } from "../support/real-runs.ts";

vi.setConfig({ testTimeout: 300_000 });

const stage = openCodeStage();
const forbidden = sharedStage({ permissions: { deny: REQUIRED_RIGHTS } });
const { shell } = agentTools.opencode;

it("H5: is made without a connection", async () => {
  const opened: unknown[] = [];
  const note = (message: unknown) => void opened.push(message);
  subscribe("net.client.socket", note);
  try {
    const adapter = createServerAdapter();
    expect(adapter).toMatchObject({ type: "opencode_k8s", execute: expect.any(Function) });
    await new Promise(setImmediate);
  } finally {
    unsubscribe("net.client.socket", note);
  }
  expect(opened).toEqual([]);
});

describe.concurrent("the adapter", () => {
  it("H3: gives a host with nothing but a log its run", async () => {
    await using model = await startScriptedModel({ script: [{ kind: "text", text: "Alone." }] });
    const adapter = createServerAdapter();
    let stdout = "";
    const result = await adapter.execute({
      ...{ runId: "run-1", config: { ...stage().config, ...configFor(model) }, context: {} },
      agent: { id: "a1", companyId: "c1", name: "A", adapterType: adapter.type, adapterConfig: {} },
      runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: null },
      onLog: async (stream, chunk) => {
        if (stream === "stdout") stdout += chunk;
      },
    });
    expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Alone." });
    expect(stdout).toContain("Alone.");
  });

  it("R10: does nothing about an agent that speaks of lost sessions, limits and overloads", async () => {
    const words = "session not found, 429 rate limit, 529 overloaded, invalid x-api-key, prompt is too long";
    const { result, messages, written, stdout } = await runOpenCode(
      [
        { kind: "tool", ...shell(`echo '${words}'; echo 'Error: ${words}' >&2; exit 1`, words) },
        { kind: "text", text: words },
      ],
      { stage: stage() },
    );
    expect(result).toMatchObject({ exitCode: 0, errorCode: null, errorMessage: null, summary: words });
    expect(result.sessionParams).toMatchObject({ sessionId: expect.stringMatching(/^ses_/) });
    for (const key of ["errorFamily", "retryNotBefore", "clearSession", "executionRecovery"])
      expect(result[key as keyof typeof result] ?? null).toBeNull();
    expect(messages.join()).not.toContain("cannot be resumed");
    expect(stdout).toBe(written);
  });

  it("H7: tells of a cluster without rights what it lacks; where all is there, a pod finds the real OpenCode", async () => {
    const test = (on: ReturnType<typeof stage>, config = {}) =>
      createServerAdapter().testEnvironment({
        ...{ companyId: "company-1", adapterType: "opencode_k8s", config: { ...on.config, ...config } },
      });
    const poor = await test(forbidden());
    expect(poor.status).toBe("fail");
    const lacking = poor.checks.filter(({ level }) => level !== "info").map(({ code }) => code);
    expect(lacking).toEqual(
      expect.arrayContaining(REQUIRED_RIGHTS.map(({ verb, resource }) => `permission_${resource}_${verb}`)),
    );
    const rich = await test(stage());
    expect(rich.checks.find(({ code }) => code === "agent_cli")).toMatchObject({
      ...{ level: "info", detail: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    });
  });
});

// A test and no hook: the stage is closed after it, whatever it finds.
it("nothing is left of these runs", () => stage().nothingLeft());
