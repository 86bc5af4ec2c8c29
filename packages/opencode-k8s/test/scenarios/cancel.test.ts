// Cancels of the real OpenCode: acknowledged when nothing of it writes any more.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { agentTools } from "@paperclip-k8s/offline-agents";
import { describe, expect, it, vi } from "vitest";
import { until } from "../../../adapter-core/test/support/until.ts";
import { openCodeStage, runOpenCode } from "../support/real-runs.ts";

vi.setConfig({ testTimeout: 300_000 });

const stage = openCodeStage();
const { shell } = agentTools.opencode;
const acknowledged = { executionCancellation: { state: "acknowledged" }, writer: "dead" };

it("X1: a cancel before anything is made makes nothing, and asks no model", async () => {
  const before = stage().sandbox.requests.length;
  const { result, asked, stdout } = await runOpenCode([], { stage: stage(), signal: AbortSignal.abort() });
  expect(result).toMatchObject({
    ...{ errorCode: "cancelled", executionRecovery: { kind: "bootstrap", providerWorkStarted: false } },
    resultJson: { executionCancellation: { state: "acknowledged" } },
  });
  const made = stage().sandbox.requests.slice(before);
  expect(made.filter(({ verb }) => verb === "create")).toEqual([]);
  expect([asked, stdout]).toEqual([[], ""]);
});

describe.concurrent("a cancel of OpenCode", () => {
  it("X1, X2, X6, X7: ends one that ignores SIGTERM, and its command, which does too: they write no more when that is acknowledged, nor when the next run begins", async () => {
    const ticks = join(stage().volume, "ticks");
    const cancel = new AbortController();
    const command = `trap '' TERM; while :; do echo tick >>${ticks}; sleep 0.02; done`;
    await writeFile(ticks, "");
    await chmod(ticks, 0o666);
    const agentId = randomUUID();
    let next: ReturnType<typeof runNext> | undefined;
    const ended = await runOpenCode([{ kind: "tool", ...shell(command, "Tick", 600_000) }], {
      ...{ stage: stage(), agentId, signal: cancel.signal, config: { graceSec: 3 } },
      settings: await pluginOf("deaf", `process.on("SIGTERM", () => {})`),
      onChunk: async (_stream, chunk) => {
        if (!chunk.includes('"step_start"')) return;
        await until("the command's ticks", () => readFileSync(ticks, "utf8").length > 50, 60_000);
        cancel.abort();
        next = runNext(agentId, ticks);
      },
    });
    const ticked = readFileSync(ticks, "utf8").length;
    expect(ended.result).toMatchObject({
      ...{ errorCode: "cancelled", signal: "SIGTERM", sessionId: expect.stringMatching(/^ses_/) },
      executionRecovery: { kind: "interrupted", providerStopped: true, sessionPreserved: true },
      resultJson: acknowledged,
    });
    expect(ended.stdout).toBe(ended.written);
    const { result, tickedAtStart } = await next!;
    expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Next." });
    expect(tickedAtStart).toBe(ticked);
    expect(readFileSync(ticks, "utf8")).toHaveLength(ticked);
  });

  it("C20, L6, X2, X8: ends one that goes on after its last event and ignores SIGTERM, with all that it wrote", async () => {
    const cancel = new AbortController();
    let lines = 0;
    const { result, stdout, written } = await runOpenCode([{ kind: "text", text: "All done." }], {
      ...{ stage: stage(), signal: cancel.signal, config: { graceSec: 5 } },
      settings: await pluginOf("hanging", HANGING),
      onChunk: (_stream, chunk) => {
        lines += chunk.match(/^still here$/gm)?.length ?? 0;
        if (lines > 20) cancel.abort();
      },
    });
    const [events = "", rest = ""] = stdout.split(/(?<="step_finish".*\n)/);
    expect(events).toContain("All done.");
    expect(rest).toMatch(/^(still here\n)+(asked to end\n)+(still here\n|asked to end\n)+$/);
    expect(stdout).toBe(written);
    expect(result).toMatchObject({
      ...{ errorCode: "cancelled", sessionId: expect.stringMatching(/^ses_/), resultJson: acknowledged },
      summary: "All done.",
    });
  });
});

it("C20: one that stays after its last event is ended after lingerSec, and the run is the success that it was", async () => {
  const { result, stdout, stderr, written } = await runOpenCode([{ kind: "text", text: "All done." }], {
    ...{ stage: stage(), config: { graceSec: 1, lingerSec: 2 } },
    settings: await pluginOf("lingering", HANGING),
  });
  expect(result).toMatchObject({
    exitCode: 0,
    errorCode: null,
    summary: "All done.",
    resultJson: { writer: "dead" },
  });
  expect(stdout).toBe(written);
  expect(stdout).toContain("asked to end");
  expect(stderr).toContain("The agent CLI has finished and not ended for 2 s");
});

// A test and no hook: the stage is closed after it, whatever it finds.
it("nothing is left of these runs", () => stage().nothingLeft());

/** What keeps OpenCode from its end, and lets it write on. */
const HANGING = `process.exit = () => {};
  process.on("SIGTERM", () => console.log("asked to end"));
  return {
    event: async ({ event }) => {
      if (event.type === "session.idle") setInterval(() => console.log("still here"), 50);
    },
  };`;

/** A config of OpenCode with a plugin whose body this is. */
async function pluginOf(name: string, body: string) {
  const path = join(stage().volume, `${name}.js`);
  await writeFile(path, `export const Plugin = async () => {\n  ${body}\n  return {};\n};\n`);
  return { plugin: [`file://${path}`] };
}

/** The next run of the agent, and how much had been ticked when it began. */
async function runNext(agentId: string, ticks: string) {
  let tickedAtStart = 0;
  const { result } = await runOpenCode([{ kind: "text", text: "Next." }], {
    ...{ stage: stage(), agentId },
    onChunk: () => {
      tickedAtStart ||= readFileSync(ticks, "utf8").length;
    },
  });
  return { result, tickedAtStart };
}
