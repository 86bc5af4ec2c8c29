// OpenCode where it will run: what depends on it, on a real cluster.
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { agentTools, type ModelCall, type Step, scriptByPrompt } from "@paperclip-k8s/offline-agents";
import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { adapters } from "../../src/run/agents.ts";
import { bytesOnVolume } from "../../src/run/bytes-on-volume.ts";
import { type RunAgentOptions, runAgent } from "../../src/run/run-agent.ts";
import { startHost } from "../../src/run/start-host.ts";
import { useStage } from "../../src/run/use-stage.ts";

const shell = (command: string): Step => ({
  kind: "tool",
  ...agentTools.opencode.shell(command, "Work", 600_000),
});
const said = (text: string): Step => ({ kind: "text", text });

/** A line on the volume ten times a second: whether the agent still works can be seen from outside. */
const ticking = (name: string) => `for i in $(seq 3000); do echo $i >>/paperclip/${name}; sleep 0.1; done`;

const scripts: Readonly<Record<string, readonly Step[]>> = {
  "tick-cancelled": [shell("echo begun"), shell(ticking("tick-cancelled"))],
  "tick-timed-out": [shell("echo begun"), shell(ticking("tick-timed-out"))],
  hungry: [shell("echo begun"), shell("tail /dev/zero; sleep 5")],
  steps: [shell("echo one"), shell("sleep 12; echo two"), said("Both steps are done.")],
  quiet: [shell("sleep 40; echo awake"), said("After a silence.")],
};
const named = scriptByPrompt();
const script = (call: ModelCall): Step => {
  const steps = scripts[/\[script:([\w-]+)\]/.exec(call.prompt)?.[1] ?? ""];
  return steps === undefined ? named(call) : (steps[call.index] ?? said("That was all."));
};

describeCluster("OpenCode", (cluster) => {
  const stage = useStage(cluster, { agent: "opencode", script });

  const run = (prompt: string, more: Partial<RunAgentOptions> = {}) =>
    runAgent({
      adapter: adapters.opencode(),
      prompt,
      ...more,
      config: { ...stage().config, graceSec: 5, ...more.config },
    });

  const ticks = (name: string) => bytesOnVolume(stage().namespace, name);

  async function expectNoMoreTicks(name: string): Promise<void> {
    const before = await ticks(name);
    expect(before).toBeGreaterThan(0);
    await delay(1000);
    expect(await ticks(name)).toBe(before);
  }

  test("a run with tools arrives byte for byte; the next one resumes its session for its own cost alone (R1, R11)", async () => {
    const ids = { agentId: randomUUID(), companyId: randomUUID() };
    const first = await run("[script:tools]", ids);
    expect(first.result).toMatchObject({
      ...{ exitCode: 0, errorCode: null, summary: expect.stringContaining("Done") },
      sessionId: expect.stringMatching(/^ses_/),
    });
    const sessionParams = first.result.sessionParams ?? null;
    const second = await run("[script:tools] again", { ...ids, sessionParams });
    expect(second.result).toMatchObject({ errorCode: null, sessionId: first.result.sessionId });
    expect(second.result.costUsd).toBeGreaterThan(0);
    expect(second.result.costUsd).toBeLessThan((first.result.costUsd ?? 0) * 1.8);
  });

  test("1.4 MB in one line arrives complete (L9)", async () => {
    const { result, stdout } = await run("[script:long]");
    expect(result.errorCode).toBeNull();
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeGreaterThan(1_400_000);
  });

  test("silence in a tool call is not the end (L4)", async () => {
    const { result, stderr } = await run("[script:quiet]", { config: { keepAliveSec: 15 } });
    expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "After a silence." });
    expect(stderr).toContain("The agent's Job is alive");
  });

  test("a cancel ends it and its tools before it returns (X1, X6)", async () => {
    const cancel = new AbortController();
    const { result } = await run("[script:tick-cancelled]", {
      signal: cancel.signal,
      onChunk: async () => {
        while ((await ticks("tick-cancelled")) === 0) await delay(50);
        cancel.abort(new Error("Cancelled by a board operator"));
      },
    });
    expect(result).toMatchObject({
      ...{ errorCode: "cancelled", executionRecovery: { kind: "interrupted", sessionPreserved: true } },
      resultJson: { writer: "dead", executionCancellation: { state: "acknowledged" } },
    });
    await expectNoMoreTicks("tick-cancelled");
  });

  test("a time limit ends it and its tools, and the next run resumes its session (C8, L22)", async () => {
    const ids = { agentId: randomUUID(), companyId: randomUUID() };
    const late = await run("[script:tick-timed-out]", { ...ids, config: { timeoutSec: 20 } });
    expect(late.result).toMatchObject({ timedOut: true, errorCode: "timeout" });
    expect(late.stdout).toContain("begun");
    await expectNoMoreTicks("tick-timed-out");
    const sessionParams = late.result.sessionParams ?? null;
    const next = await run("[script:hello]", { ...ids, sessionParams });
    expect(next.result).toMatchObject({ errorCode: null, sessionId: late.result.sessionId });
  });

  test("a tool that uses up the memory is told by the limit to raise, or is the tool's own failure (C9)", async () => {
    const { result } = await run("[script:hungry]", {
      config: { resources: { limits: { memory: "700Mi" } } },
    });
    // The kernel ends the largest process: where that is the tool, OpenCode goes on.
    if (result.errorCode === null) expect(result.summary).toBe("That was all.");
    else {
      expect(result.errorCode).toBe("k8s_oom_killed");
      expect(result.errorMessage).toContain("resources.limits.memory");
    }
  });

  test("without enough memory to begin with it is told by the limit to raise (C9)", async () => {
    const { result } = await run("[script:hello]", { config: { resources: { limits: { memory: "60Mi" } } } });
    expect(result).toMatchObject({ errorCode: "k8s_oom_killed" });
    expect(result.errorMessage).toContain("resources.limits.memory");
  });

  test("a provider that is out is seen, and ends the run after its bound (R12)", async () => {
    const { result, stderr } = await run("[script:overloaded]", { config: { providerWaitSec: 5 } });
    expect(result).toMatchObject({
      ...{ errorCode: "opencode_transient_upstream", errorFamily: "transient_upstream" },
      resultJson: { writer: "dead" },
    });
    expect(stderr).toContain("Overloaded");
  });

  test("a killed host leaves it at work; the next one delivers all of it, and the model is asked nothing twice (L20, G5)", async () => {
    const ids = { agentId: randomUUID(), companyId: randomUUID() };
    const request = {
      ...{ ...ids, agent: "opencode" as const, config: stage().config },
      prompt: "[script:steps] of the killed host",
    };
    await using first = startHost({ ...request, runId: randomUUID() });
    await first.until((stdout) => stdout.includes("one"));
    await first.kill();
    await using second = startHost({ ...request, runId: randomUUID() });
    expect(await second.result).toMatchObject({ errorCode: null, summary: "Both steps are done." });
    expect(second.messages.join("\n")).toContain("Following Job");
    expect(second.stdout().startsWith(first.stdout())).toBe(true);
    const asked = stage().model.requests.filter(({ body }) => {
      const text = JSON.stringify(body ?? null);
      return text.includes("of the killed host") && text.includes('"name":"bash"');
    });
    expect(asked).toHaveLength(3);
  });
});
