// Ends that come from elsewhere, while the real OpenCode works: told apart, with all its output and its session.
import { agentTools } from "@paperclip-k8s/offline-agents";
import { describe, expect, it, vi } from "vitest";
import { sharedStage } from "../../../adapter-core/test/support/shared-stage.ts";
import { after, openCodeStage, runOpenCode } from "../support/real-runs.ts";

vi.setConfig({ testTimeout: 300_000 });

const stage = openCodeStage();
const empty = sharedStage();
const { shell } = agentTools.opencode;
const JOBS = "/apis/batch/v1/namespaces/agents/jobs";

describe.concurrent("a run of OpenCode", () => {
  it("C7, C8, L8, L22: that reaches timeoutSec delivers all that was written until its end; the next one, in its session, does not reach it", async () => {
    const write = "while :; do printf ' written' >>/proc/$PPID/fd/1; sleep 0.1; done";
    const script = [{ kind: "tool", text: "I write.", ...shell(write, "Write", 600_000) }] as const;
    const timedOut = await runOpenCode(script, {
      ...{ stage: stage(), script: "Say the word albatross.", config: { timeoutSec: 30 } },
    });
    expect(timedOut.result).toMatchObject({
      ...{ timedOut: true, errorCode: "timeout", sessionId: expect.stringMatching(/^ses_/) },
    });
    expect(timedOut.stdout).toMatch(/"I write\."[\s\S]*\n(?: written){5,}$/);
    expect(timedOut.stdout).toBe(timedOut.written);

    const next = await runOpenCode([{ kind: "text", text: "Still here." }], {
      ...{ stage: stage(), script: "Go on.", ...after(timedOut), config: { timeoutSec: 300 } },
    });
    expect(next.result).toMatchObject({
      ...{ exitCode: 0, errorCode: null, timedOut: false, summary: "Still here." },
      sessionId: timedOut.result.sessionId,
    });
    expect(next.asked[0]).toMatch(/albatross.*Go on\./);
  });

  it.each([
    ["C9: that is out of memory", "k8s_oom_killed", oomKill],
    ["C10: whose pod is evicted", "k8s_evicted", evict],
    ["C2: whose Job is deleted by hand", "k8s_job_deleted_externally", deleteJob],
  ] as const)("%s is %s, with its output and its session", async (_what, errorCode, strike) => {
    let struck: Promise<void> | undefined;
    const runId = crypto.randomUUID();
    const { result, stdout, written } = await runOpenCode([SILENT], {
      ...{ stage: stage(), runId, config: { graceSec: 1 } },
      onChunk: (_stream, chunk) => {
        if (chunk.includes('"step_start"')) struck ??= strike(runId);
      },
    });
    await struck;
    expect(result).toMatchObject({ errorCode, timedOut: false, sessionId: expect.stringMatching(/^ses_/) });
    expect(stdout).toContain('"step_start"');
    expect(stdout).toBe(written);
  });

  it("C11: without the CLI in the image is a failed start, and told by its name", async () => {
    const { result, asked, stderr } = await runOpenCode([], { stage: empty() });
    expect(result).toMatchObject({
      ...{
        errorCode: "k8s_start_failed",
        errorMessage: expect.stringContaining("The agent CLI is not in the image"),
      },
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
    expect(stderr).toContain("the image has no executable opencode");
    expect(asked).toEqual([]);
  });
});

// A test and no hook: the stage is closed after it, whatever it finds.
it("nothing is left of these runs", async () => {
  await stage().nothingLeft();
  await empty().nothingLeft();
});

/** A model that has begun to answer and says nothing more. */
const SILENT = { kind: "text", text: "never", pace: { silenceMs: 600_000 } } as const;

const podOf = (runId: string) => ({ labels: { "paperclip.io/run-id": runId } });

async function oomKill(runId: string): Promise<void> {
  stage().sandbox.pods.oomKill(podOf(runId));
}

async function evict(runId: string): Promise<void> {
  stage().sandbox.pods.evict(podOf(runId));
}

async function deleteJob(runId: string): Promise<void> {
  const jobs = await stage().jobs();
  const job = jobs.find(({ metadata }) => metadata?.labels?.["paperclip.io/run-id"] === runId);
  const query = { propagationPolicy: "Background" };
  await stage().transport.json({ method: "DELETE", path: `${JOBS}/${job?.metadata?.name}`, query });
}
