import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { defineAgentAdapter } from "../../src/index.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";

const stage = sharedStage();

it("C22: a run outlives an API server that refuses connections while it works and ends", async () => {
  let isBack = Promise.resolve();
  const { result, stdout } = await run({
    stage: stage(),
    script: "echo one; sleep 0.5; echo two",
    onChunk: async (_stream, chunk) => {
      if (chunk !== "one\n") return;
      const outage = await stage().sandbox.faults.outage();
      isBack = pause(2000).then(() => outage.end());
    },
  });
  expect(stdout).toBe("one\ntwo\n");
  expect(result).toMatchObject({ exitCode: 0, errorCode: null });
  await isBack;
  await stage().nothingLeft();
});

it("C4: reads that fail with 500 while the agent works and ends are not a failure of the run", async () => {
  const { faults } = stage().sandbox;
  const match = { verb: ["get", "list", "watch"] };
  let broken = { remove: () => {} };
  const { result, stdout } = await run({
    stage: stage(),
    script: "echo one; sleep 0.3; echo two",
    onChunk: (_stream, chunk) => {
      if (chunk !== "one\n") return;
      broken = faults.inject({ match, fault: { kind: "status", code: 500 } });
      faults.dropWatches();
    },
  });
  broken.remove();
  expect(stdout).toBe("one\ntwo\n");
  expect(result).toMatchObject({ exitCode: 0, errorCode: null });
  await stage().nothingLeft();
});

it("C17: a Job that the cluster refuses is said in its words, with evidence that nothing was done", async () => {
  const message = 'admission webhook "policy.example" denied the request: not on Fridays';
  const fault = { kind: "status", code: 403, reason: "Forbidden", message } as const;
  stage().sandbox.faults.inject({ match: { verb: "create", resource: "jobs" }, fault, times: 1 });
  const { result } = await run({ stage: stage(), script: "echo never" });
  expect(result).toMatchObject({
    errorCode: "k8s_admission_denied",
    errorMessage: expect.stringContaining("not on Fridays"),
    executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
  });
  await stage().nothingLeft();
});

it("L19: a host that refuses a line for good is told so at the end, and has all the others", async () => {
  const { result, stdout } = await run({
    stage: stage(),
    script: "echo one; echo two; echo three",
    ctx: {},
    onChunk: (_stream, chunk) => {
      if (chunk === "two\n") throw new Error("the log store is away");
    },
  });
  expect(stdout).toBe(`one\n${"two\n".repeat(3)}three\n`);
  expect(result).toMatchObject({
    errorCode: "k8s_log_incomplete",
    errorMessage: expect.stringContaining("the log store is away"),
  });
  await stage().nothingLeft();
});

it("a host whose sinks for show all fail has its run all the same", async () => {
  const fail = () => {
    throw new Error("no");
  };
  const reject = () => Promise.reject(new Error("no"));
  const { result, stdout } = await run({
    ...{ stage: stage(), script: "echo done" },
    ctx: { onMeta: reject, onDispatch: fail, onEvent: reject, onRuntimeProgress: reject },
  });
  expect(stdout).toBe("done\n");
  expect(result.exitCode).toBe(0);
  await stage().nothingLeft();
});

it("H3: a host with nothing but a log has its run", async () => {
  const adapter = defineAgentAdapter(shell);
  let stdout = "";
  const result = await adapter.execute({
    ...{ runId: "run-1", config: { ...stage().config, promptTemplate: "echo done" }, context: {} },
    agent: { id: "a1", companyId: "c1", name: "A", adapterType: adapter.type, adapterConfig: {} },
    runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: null },
    onLog: async (_stream, chunk) => {
      stdout += chunk;
    },
  });
  expect(stdout).toBe("done\n");
  expect(result.exitCode).toBe(0);
  await stage().nothingLeft();
});

it("never tells the host of a process: it would kill it on a cancel", async () => {
  const told: unknown[] = [];
  const onSpawn = async (meta: unknown) => void told.push(meta);
  await run({ stage: stage(), script: "true", ctx: { onSpawn } });
  expect(told).toEqual([]);
});
