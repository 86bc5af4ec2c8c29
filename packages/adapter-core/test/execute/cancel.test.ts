import { describe, expect, it } from "vitest";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { until } from "../support/until.ts";

const stage = sharedStage({ images: { slow: { "example/slow:1": 60_000 } } });

const bootstrap = { kind: "bootstrap", providerWorkStarted: false };
const acknowledged = { executionCancellation: { state: "acknowledged" } };

describe("X1: a cancel", () => {
  it("before anything is made makes nothing", async () => {
    const before = stage().sandbox.requests.length;
    const { result } = await run({ stage: stage(), script: "true", signal: AbortSignal.abort() });
    expect(result).toMatchObject({
      errorCode: "cancelled",
      executionRecovery: bootstrap,
      resultJson: acknowledged,
    });
    const made = stage()
      .sandbox.requests.slice(before)
      .filter(({ verb }) => verb === "create");
    expect(made).toEqual([]);
  });

  it("while the Job is suspended takes the launch back", async () => {
    const cancel = new AbortController();
    const late = stage().sandbox.faults.inject({
      match: { verb: "create", resource: "secrets" },
      fault: { kind: "latency", ms: 300 },
    });
    const before = stage().sandbox.requests.length;
    const running = run({ stage: stage(), script: "echo started", signal: cancel.signal });
    await until("the Secret's request", () =>
      stage()
        .sandbox.requests.slice(before)
        .some(({ resource }) => resource === "secrets"),
    );
    cancel.abort();
    const { result, stdout } = await running;
    late.remove();
    expect(result).toMatchObject({
      errorCode: "cancelled",
      executionRecovery: bootstrap,
      resultJson: acknowledged,
    });
    expect(stdout).toBe("");
    await stage().nothingLeft();
  });

  it.each([
    ["waits for a node", { nodeSelector: { pool: "none" } }, "Waiting for a node"],
    ["pulls its image", { image: "example/slow:1" }, "Starting the container"],
  ])("while the pod %s ends it before its agent starts", async (_what, config, message) => {
    const cancel = new AbortController();
    const { result, stdout } = await run({
      ...{ stage: stage(), script: "echo started", config, signal: cancel.signal },
      onMessage: (said) => {
        if (said.startsWith(message) && said.includes("(pod")) cancel.abort();
      },
    });
    expect(result).toMatchObject({
      ...{ errorCode: "cancelled", exitCode: null, signal: "SIGTERM" },
      ...{ executionRecovery: bootstrap, resultJson: acknowledged },
    });
    expect(stdout).toBe("");
    await stage().nothingLeft();
  });

  it("X8: while the agent works gives it its grace period, and delivers what it wrote there", async () => {
    const cancel = new AbortController();
    const script = `trap 'echo saved; exit 0' TERM; echo '{"session":"s-1"}'; while :; do sleep 0.02; done`;
    const { result, stdout } = await run({
      ...{ stage: stage(), script, signal: cancel.signal },
      onChunk: () => cancel.abort(),
    });
    expect(stdout).toBe(`{"session":"s-1"}\nsaved\n`);
    expect(result).toMatchObject({
      ...{ errorCode: "cancelled", exitCode: null, signal: "SIGTERM", sessionId: "s-1" },
      executionRecovery: { kind: "interrupted", providerStopped: true, sessionPreserved: true },
      resultJson: acknowledged,
    });
    await stage().nothingLeft();
  });

  it("of a resumed session before the agent has told of it keeps that session", async () => {
    const cancel = new AbortController();
    const { result } = await run({
      ...{ stage: stage(), sessionParams: { sessionId: "s-1" }, signal: cancel.signal },
      script: "echo working; while :; do sleep 0.02; done",
      onChunk: () => cancel.abort(),
    });
    expect(result).toMatchObject({
      executionRecovery: { kind: "interrupted", providerStopped: true, sessionPreserved: true },
      resultJson: acknowledged,
    });
    expect(result.clearSession).toBeUndefined();
    await stage().nothingLeft();
  });

  it.each(["onMeta", "onDispatch"] as const)("is obeyed while the host does not answer %s", async (call) => {
    const cancel = new AbortController();
    const ctx = {
      [call]: () => {
        setImmediate(() => cancel.abort());
        return new Promise<never>(() => {});
      },
    };
    const { result, stdout } = await run({
      ...{ stage: stage(), script: "echo started", signal: cancel.signal, ctx },
    });
    expect(result).toMatchObject({
      ...{ errorCode: "cancelled", executionRecovery: bootstrap, resultJson: acknowledged },
    });
    expect(stdout).toBe("");
    await stage().nothingLeft();
  });

  it("while the output of an agent that has ended is delivered is acknowledged beside its success", async () => {
    const cancel = new AbortController();
    const { result, stdout } = await run({
      ...{ stage: stage(), script: `echo '{"session":"s-1"}'; echo last`, signal: cancel.signal },
      // The host is slow to take the last line: the agent has ended meanwhile.
      onChunk: async (_, chunk) => {
        if (!chunk.includes("last")) return;
        await new Promise((resolve) => setTimeout(resolve, 1500));
        cancel.abort();
      },
    });
    expect(stdout).toBe(`{"session":"s-1"}\nlast\n`);
    expect(result).toMatchObject({
      ...{ errorCode: null, exitCode: 0, sessionId: "s-1" },
      executionRecovery: { kind: "interrupted", providerStopped: true, sessionPreserved: true },
      resultJson: { outcome: "succeeded", ...acknowledged },
    });
    await stage().nothingLeft();
  });

  it("while another run of the agent is waited for leaves that one alone", async () => {
    const agentId = "agent-waits";
    const cancel = new AbortController();
    const first = run({ stage: stage(), agentId, script: "echo one; sleep 0.6; echo two" });
    await until("the first run", async () => (await stage().left()).pods.length === 1);
    const { result } = await run({
      ...{ stage: stage(), agentId, script: "echo never", signal: cancel.signal },
      onMessage: (said) => {
        if (said.includes("waiting for its end")) cancel.abort();
      },
    });
    expect(result).toMatchObject({ errorCode: "cancelled", executionRecovery: bootstrap });
    expect((await first).stdout).toBe("one\ntwo\n");
    await stage().nothingLeft();
  });
});

it("X2, X6: an agent that ignores SIGTERM is killed after its grace period, and acknowledged when it is dead", async () => {
  const cancel = new AbortController();
  const { result, stdout } = await run({
    ...{ stage: stage(), config: { graceSec: 1 }, signal: cancel.signal },
    script: `trap '' TERM; echo $$; while :; do sleep 0.02; done`,
    onChunk: () => cancel.abort(),
  });
  expect(() => process.kill(Number(stdout), 0)).toThrow("ESRCH");
  expect(result).toMatchObject({ errorCode: "cancelled", resultJson: { ...acknowledged, writer: "dead" } });
  await stage().nothingLeft();
});

it("X4: a cancel comes through although the API server refuses connections for a while", async () => {
  const cancel = new AbortController();
  const { result, stdout } = await run({
    ...{ stage: stage(), signal: cancel.signal },
    script: `trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.02; done`,
    onChunk: async (_stream, chunk) => {
      if (chunk !== "ready\n") return;
      const outage = await stage().sandbox.faults.outage();
      cancel.abort();
      setTimeout(() => void outage.end(), 1500);
    },
  });
  expect(result).toMatchObject({ errorCode: "cancelled", resultJson: acknowledged });
  expect(stdout).toBe("ready\nsaved\n");
  await stage().nothingLeft();
});
