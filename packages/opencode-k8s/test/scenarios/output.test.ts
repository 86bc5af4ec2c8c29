// All that the real OpenCode writes reaches the host: once, in order, byte for byte.
import { agentTools } from "@paperclip-k8s/offline-agents";
import { describe, expect, it, vi } from "vitest";
import { openCodeStage, runOpenCode } from "../support/real-runs.ts";

vi.setConfig({ testTimeout: 300_000 });

const stage = openCodeStage();
const { shell } = agentTools.opencode;
/** The stdout of OpenCode, as a command of its shell tool finds it. */
const ITS_STDOUT = "/proc/$PPID/fd/1";

describe.concurrent("the output of OpenCode", () => {
  it("L4, L10, L11: silence in a tool call, half a letter before it and half after it, in a line that is no event", async () => {
    const command = `printf 'half \\303' >>${ITS_STDOUT}; sleep 11; printf '\\244 letter\\n' >>${ITS_STDOUT}; echo slept`;
    const { result, stdout, stderr, written } = await runOpenCode(
      [
        { kind: "tool", ...shell(command, "Sleep") },
        { kind: "text", text: "Ωmega 🐧 done." },
      ],
      { stage: stage(), config: { keepAliveSec: 10 } },
    );
    expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Ωmega 🐧 done." });
    expect(result.resultJson).toMatchObject({ toolCalls: 1, toolErrors: 0 });
    expect(stderr).toMatch(/^\[paperclip\] The agent's Job is alive \(1\d s without output; verified/m);
    expect(stdout).toContain("half ä letter\n");
    expect(stdout).toBe(written);
  });

  it("L9, L19: an answer of 1.4 MB and the end at once, to a host that is slow and refuses one chunk", async () => {
    let taken = "";
    let refused = 0;
    const { result, stderr, written } = await runOpenCode([{ kind: "long_text", length: 1_400_000 }], {
      stage: stage(),
      onChunk: async (stream, chunk) => {
        if (stream === "stderr") return;
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (taken.length > 500_000 && refused === 0) {
          refused += 1;
          throw new Error("the log store is away");
        }
        taken += chunk;
      },
    });
    expect(refused).toBe(1);
    expect(taken.length).toBeGreaterThan(1_400_000);
    expect(taken === written).toBe(true);
    expect(result).toMatchObject({ exitCode: 0, errorCode: null });
    expect(result.summary?.length).toBeGreaterThan(1_300_000);
    expect(stderr).not.toContain("log store");
  });

  it("C21: a command in the background that keeps OpenCode's stdout open holds nothing up, and is dead at the end", async () => {
    const command = `out=${ITS_STDOUT}; (while :; do echo 'a child writes'; sleep 0.05; done) >>$out 2>/dev/null </dev/null & echo left`;
    const { result, stdout, written } = await runOpenCode(
      [
        { kind: "tool", ...shell(command, "Leave a writer") },
        { kind: "text", text: "Left it.", pace: { silenceMs: 500 } },
      ],
      { stage: stage() },
    );
    expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Left it." });
    expect(stdout.match(/^a child writes$/gm)?.length).toBeGreaterThan(2);
    expect(stdout).toBe(written);
  });
});

// A test and no hook: the stage is closed after it, whatever it finds.
it("nothing is left of these runs", () => stage().nothingLeft());
