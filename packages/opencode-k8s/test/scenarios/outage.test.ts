// The API server is away while the real OpenCode works.
import { agentTools } from "@paperclip-k8s/offline-agents";
import { expect, it, vi } from "vitest";
import { openCodeStage, runOpenCode } from "../support/real-runs.ts";

vi.setConfig({ testTimeout: 300_000 });

const stage = openCodeStage();
const { shell } = agentTools.opencode;

it("C3, C22: a run outlives an API server that is away from its first step until after its end", async () => {
  let outage: Promise<{ end(): Promise<void> }> | undefined;
  const running = runOpenCode(
    [
      { kind: "tool", ...shell("sleep 1; echo worked", "Work") },
      { kind: "text", text: "Worked on." },
    ],
    {
      stage: stage(),
      onChunk: (_stream, chunk) => {
        if (chunk.includes('"step_start"')) outage ??= stage().sandbox.faults.outage();
      },
    },
  );
  // The result does not wait for the API: it is told by the exit record on the volume.
  const { result, stdout, written, asked } = await running;
  expect(outage).toBeDefined();
  await (await outage)?.end();
  expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Worked on." });
  expect(stdout).toBe(written);
  expect(asked).toHaveLength(2);
  await stage().nothingLeft();
});
