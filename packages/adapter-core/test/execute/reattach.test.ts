import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { leaveOrphan } from "../support/killed-host.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";

const stage = sharedStage();

let agentId: string;
let flag: string;
beforeEach(() => {
  agentId = randomUUID();
  flag = join(stage().volume, `go-${agentId}`);
});

/** Works until it is let go. */
const orphanScript = () =>
  `echo '{"session":"s-orphan"}'; while [ ! -e ${flag} ]; do sleep 0.02; done; echo orphan ends`;
const letGo = () => writeFile(flag, "");
const orphanOutput = `{"session":"s-orphan"}\norphan ends\n`;

/** Lets the orphan go once the new run has said that it follows it. */
function goWhenFollowed(): { onMessage: (said: string) => void } {
  return { onMessage: (said) => void (said.startsWith("Following Job") && letGo()) };
}

describe("G5, L20: a live orphan of the same task", () => {
  it("with the same prompt: its output from the start, and its end, are the new run's", async () => {
    await leaveOrphan({ stage: stage(), agentId, script: orphanScript(), word: "s-orphan" });
    const { result, stdout, runId } = await run({
      ...{ stage: stage(), agentId, script: orphanScript() },
      ...goWhenFollowed(),
    });
    expect(stdout).toBe(orphanOutput);
    expect(result).toMatchObject({ exitCode: 0, errorCode: null, sessionId: "s-orphan" });
    expect(JSON.stringify(result.resultJson)).not.toContain(runId.slice(0, 16));
    await stage().nothingLeft();
  });

  it("with another prompt: the new run's own work follows, in the session that the orphan left", async () => {
    await leaveOrphan({ stage: stage(), agentId, script: orphanScript(), word: "s-orphan" });
    const { result, stdout } = await run({
      ...{ stage: stage(), agentId, script: `echo "own work [$*]"` },
      ...goWhenFollowed(),
    });
    expect(stdout).toBe(`${orphanOutput}own work [--resume s-orphan]\n`);
    expect(result).toMatchObject({ exitCode: 0, sessionId: "s-orphan" });
    await stage().nothingLeft();
  });

  it("with another prompt, that fails: neither prompt is lost", async () => {
    await leaveOrphan({ stage: stage(), agentId, script: `${orphanScript()}; exit 9`, word: "s-orphan" });
    const { result, stdout } = await run({
      ...{ stage: stage(), agentId, script: "echo own work" },
      ...goWhenFollowed(),
    });
    expect(stdout).toBe(`${orphanOutput}own work\n`);
    expect(result).toMatchObject({ exitCode: 0, errorCode: null });
    await stage().nothingLeft();
  });

  it("with another prompt, where the own work is refused: the orphan's session is not lost", async () => {
    await leaveOrphan({ stage: stage(), agentId, script: orphanScript(), word: "s-orphan" });
    const fault = { kind: "status", code: 403, message: 'admission webhook "p" denied the request' } as const;
    const match = { verb: "create", resource: "jobs" };
    const refused = stage().sandbox.faults.inject({ match, fault, skip: 1, times: 1 });
    const { result } = await run({
      ...{ stage: stage(), agentId, script: "echo own work" },
      ...goWhenFollowed(),
    });
    refused.remove();
    expect(result).toMatchObject({
      ...{ errorCode: "k8s_admission_denied", sessionId: "s-orphan" },
      sessionParams: { sessionId: "s-orphan" },
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
    await stage().nothingLeft();
  });

  it("of the run that is retried: its end is the new run's, whatever the prompt", async () => {
    const runId = randomUUID();
    await leaveOrphan({ stage: stage(), agentId, runId, script: orphanScript(), word: "s-orphan" });
    const { stdout } = await run({
      ...{ stage: stage(), agentId, script: "echo own work", context: { retryOfRunId: runId } },
      ...goWhenFollowed(),
    });
    expect(stdout).toBe(orphanOutput);
    await stage().nothingLeft();
  });

  it("G9: a cancel ends it through its grace period, and the new run's own work does not begin", async () => {
    const cancel = new AbortController();
    await leaveOrphan({ stage: stage(), agentId, script: orphanScript(), word: "s-orphan" });
    const { result, stdout } = await run({
      ...{ stage: stage(), agentId, script: "echo own work", signal: cancel.signal },
      onMessage: (said) => void (said.startsWith("Following Job") && cancel.abort()),
    });
    expect(result.errorCode).toBe("cancelled");
    expect(stdout).toBe(`{"session":"s-orphan"}\n`);
    await stage().nothingLeft();
  });
});

it("G6: an orphan of another task is waited for, not killed and not followed", async () => {
  const context = { taskId: "task-1" };
  await leaveOrphan({ stage: stage(), agentId, context, script: orphanScript(), word: "s-orphan" });
  const { result, stdout } = await run({
    ...{ stage: stage(), agentId, context: { taskId: "task-2" }, script: "echo own work" },
    onMessage: (said) => void (said.includes("waiting for its end") && letGo()),
  });
  expect(stdout).toBe("own work\n");
  expect(result.exitCode).toBe(0);
});

it("an orphan that is not to be taken up is waited for", async () => {
  await leaveOrphan({ stage: stage(), agentId, script: orphanScript(), word: "s-orphan" });
  const { stdout } = await run({
    ...{
      stage: stage(),
      agentId,
      script: orphanScript(),
      config: { reattachOrphanedJobs: false, busyWaitSec: 0 },
    },
  });
  expect(stdout).toBe("");
  await letGo();
});

it("a Job tells for how long it may live without a host, as its own agent's config says", async () => {
  let told: string | undefined;
  await run({
    ...{ stage: stage(), agentId, script: "echo one", config: { orphanMaxAgeSec: 90 } },
    onChunk: async () => {
      const own = (await stage().jobs()).map(({ metadata }) => metadata?.annotations ?? {});
      const mine = own.find((annotations) => annotations["paperclip.io/agent-id"] === agentId);
      told = mine?.["paperclip.io/orphan-max-age-sec"];
    },
  });
  expect(told).toBe("90");
});
