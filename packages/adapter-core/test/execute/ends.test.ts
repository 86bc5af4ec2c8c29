import { beforeEach, expect, it } from "vitest";
import { defineAgentAdapter } from "../../src/index.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";
import type { Stage } from "../support/stage.ts";

const opened = sharedStage();
let stage: Stage;
beforeEach(() => {
  stage = opened();
});

it("a run that succeeds delivers its output, tells its session, and leaves nothing behind", async () => {
  const script = `echo '{"session":"s-1"}'; echo working; echo '{"done":true}'`;
  const { result, stdout, stderr, messages } = await run({ stage, script });
  expect(result).toMatchObject({
    exitCode: 0,
    signal: null,
    timedOut: false,
    errorCode: null,
    sessionId: "s-1",
  });
  expect(result.sessionParams).toMatchObject({ sessionId: "s-1" });
  expect(stdout).toBe(`{"session":"s-1"}\nworking\n{"done":true}\n`);
  expect(stderr).toBe("");
  expect(messages.join("\n")).toContain("The agent is running");
  expect(result.executionRecovery).toBeUndefined();
  await stage.nothingLeft();
});

it("a run that ends with a status other than 0 is agent_failed, with that status", async () => {
  const { result } = await run({ stage, script: "echo so; exit 7" });
  expect(result).toMatchObject({ exitCode: 7, errorCode: "agent_failed", timedOut: false });
  expect(result.executionRecovery).toBeUndefined();
  await stage.nothingLeft();
});

it("a failure keeps its reason where the config lets the Job live for 0 seconds after its end", async () => {
  const { result } = await run({ stage, script: "exit 7", config: { ttlSecondsAfterFinished: 0 } });
  expect(result).toMatchObject({ exitCode: 7, errorCode: "agent_failed" });
  await stage.nothingLeft();
});

it("L5: an agent that ends at once leaves all its output", async () => {
  const { result, stdout } = await run({ stage, script: "echo first; echo last" });
  expect(result.exitCode).toBe(0);
  expect(stdout).toBe("first\nlast\n");
  await stage.nothingLeft();
});

it("L8: a last line without a newline is delivered without one", async () => {
  const { stdout } = await run({ stage, script: "echo one; printf 'the end'" });
  expect(stdout).toBe("one\nthe end");
});

it("L9: a line of 5 MiB arrives whole, in pieces of at most 8 Ki characters", async () => {
  const sizes: number[] = [];
  const bytes = 5 * 1024 * 1024;
  const { result, stdout } = await run({
    stage,
    script: `head -c ${bytes} /dev/zero | tr '\\0' x; echo; echo after`,
    onChunk: (_stream, chunk) => void sizes.push(chunk.length),
  });
  expect(result.exitCode).toBe(0);
  expect(stdout === `${"x".repeat(bytes)}\nafter\n`).toBe(true);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(8192);
  expect(JSON.stringify(result).length).toBeLessThan(5000);
  await stage.nothingLeft();
});

it("L11: a line that is not JSON among JSON is delivered, and harms nothing", async () => {
  const script = `echo '{"session":"s-1"}'; echo 'Warning: {not json'; echo '{"done":true}'`;
  const { result, stdout } = await run({ stage, script });
  expect(result).toMatchObject({ exitCode: 0, sessionId: "s-1" });
  expect(stdout).toContain("Warning: {not json\n");
});

it("L17: what an agent said on stderr only is in the message of its failure", async () => {
  const { result, stderr } = await run({ stage, script: "echo 'no such model' >&2; exit 1" });
  expect(stderr).toBe("no such model\n");
  expect(result.errorMessage).toContain("no such model");
  expect(result.errorCode).toBe("agent_failed");
});

it("C18: exit 0 with an error event is a failure; a success that the agent tells beats exit 1", async () => {
  const bad = await run({ stage, script: `echo '{"error":"broken"}'` });
  expect(bad.result).toMatchObject({ errorCode: "shell_error", errorMessage: "broken" });
  const good = await run({ stage, script: `echo '{"done":true}'; exit 1` });
  expect(good.result).toMatchObject({ exitCode: 0, errorCode: null, errorMessage: null, signal: null });
  await stage.nothingLeft();
});

it("C11: an agent CLI that the image lacks is a failed start, with evidence that nothing was done", async () => {
  const adapter = defineAgentAdapter({ ...shell, commandLine: () => ["no-such-agent"] });
  const { result } = await run({ stage, script: "true", adapter });
  expect(result.errorCode).toBe("k8s_start_failed");
  await stage.nothingLeft();
});

it("a run costs the API server five requests, once the watches are there", async () => {
  await run({ stage, script: "true" });
  await stage.nothingLeft();
  const before = stage.sandbox.requests.length;
  await run({ stage, script: "true" });
  const own = stage.sandbox.requests
    .slice(before)
    .filter(({ userAgent, verb }) => userAgent?.startsWith("paperclip-k8s/") && verb !== "watch");
  expect(own.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
    "create jobs",
    "create secrets",
    "list jobs",
    "patch jobs",
    "delete jobs",
  ]);
});
