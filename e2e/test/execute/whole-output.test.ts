import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseExitRecord } from "@paperclip-k8s/job-manifest";
import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { adapters } from "../../src/run/agents.ts";
import { type AgentRunReport, runAgent } from "../../src/run/run-agent.ts";
import { useStage } from "../../src/run/use-stage.ts";
import { NOTHING, whatIsLeft } from "../../src/run/what-is-left.ts";

describeCluster("the whole output", (cluster) => {
  const stage = useStage(cluster, { mayLeave: true });

  /** The pod's files of a run whose Job was retained, and its exit record. */
  async function filesOf({ runId, agentId, companyId }: AgentRunReport) {
    const folder = join(stage().namespace.volumeFolder, "instances/default/run-logs", companyId, agentId);
    const record = parseExitRecord(await readFile(join(folder, `${runId}.pod.exit.json`), "utf8"));
    return {
      stdout: await readFile(join(folder, `${runId}.pod.ndjson`), "utf8"),
      record,
      names: await readdir(folder),
    };
  }

  test("a run with tools arrives byte for byte, succeeds, and leaves nothing", async () => {
    const run = await runAgent({ prompt: "[script:tools]", config: stage().config });
    expect(run.result).toMatchObject({
      exitCode: 0,
      errorCode: null,
      summary: expect.stringContaining("Done"),
    });
    expect(run.result.resultJson).toMatchObject({ outcome: "succeeded", toolCalls: 3 });
    expect(await whatIsLeft(stage().namespace)).toEqual(NOTHING);
  });

  test("the second run resumes the session, and costs what it costs alone (R1, R11)", async () => {
    const ids = { agentId: crypto.randomUUID(), companyId: crypto.randomUUID() };
    const first = await runAgent({ ...ids, prompt: "[script:hello]", config: stage().config });
    const second = await runAgent({
      ...ids,
      prompt: "[script:hello] again",
      config: stage().config,
      sessionParams: first.result.sessionParams ?? null,
    });
    expect(second.result.sessionId).toBe(first.result.sessionId);
    expect(second.result.errorCode).toBeNull();
    const { costUsd } = first.result;
    // The CLI prints the session's sum: it would be about twice as much.
    expect(second.result.costUsd).toBeLessThan((costUsd ?? 0) * 1.8);
  });

  test("1.4 MB in one line arrives complete (L9)", async () => {
    const run = await runAgent({ prompt: "[script:long]", config: { ...stage().config, retainJobs: true } });
    const { stdout, record } = await filesOf(run);
    expect(run.result.errorCode).toBeNull();
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeGreaterThan(1_400_000);
    expect(Buffer.byteLength(run.stdout)).toBe(record?.stdoutBytes);
    expect(run.stdout === stdout).toBe(true);
  });

  test("an agent that ends 50 ms after its start arrives complete, without a newline at its end (L5, L8)", async () => {
    const run = await runAgent({
      adapter: adapters.shell(),
      prompt: "echo begin; sleep 0.05; printf 'end without newline é'",
      config: { ...stage().config, retainJobs: true },
    });
    const { record } = await filesOf(run);
    expect(run.stdout).toBe("begin\nend without newline é");
    expect(Buffer.byteLength(run.stdout)).toBe(record?.stdoutBytes);
    expect(run.result).toMatchObject({ exitCode: 0, errorCode: null });
  });

  test("stderr alone and exit 1: the message is in the result (L17)", async () => {
    const run = await runAgent({
      adapter: adapters.shell(),
      prompt: "echo 'cannot go on: no fuel' >&2; exit 1",
      config: stage().config,
    });
    expect(run.stderr).toContain("cannot go on: no fuel\n");
    expect(run.result).toMatchObject({ exitCode: 1, errorCode: "agent_failed" });
    expect(run.result.errorMessage).toContain("cannot go on: no fuel");
  });
});
