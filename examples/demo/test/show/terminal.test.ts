import { describe, expect, test } from "vitest";
import type { RunFigures } from "../../src/run/figures.ts";
import type { DemoEvent } from "../../src/show/demo-event.ts";
import { createTerminalShow } from "../../src/show/terminal.ts";

const figures: RunFigures = {
  ...{ run: 1, outcome: "succeeded", error: null, sessionId: "0b6d4ad6-1c34-4a8e-a5ab-90e5b3c8f3aa" },
  ...{ resumed: false, model: "m", tokens: { input: 400, output: 163, cached: 0 }, costUsd: 0.0049 },
  ...{ sessionCostUsd: 0.0049, totalMs: 1_700, untilRunningMs: 119, afterEndMs: 69 },
  requests: { run: { "create jobs": 1, "list jobs": 2 }, start: { "watch jobs": 1 } },
  cancellation: "too_late",
};
const second: RunFigures = { ...figures, run: 2, resumed: true, costUsd: 0.0035, sessionCostUsd: 0.0084 };
const pod = "ac-16c5493d-3a40-43-f03d7cc0-eb99-4a-18f2da-n26fp";
const phase = (name: string, message: string, of: string | null = pod): DemoEvent => ({
  ...{ type: "phase", run: 1, atMs: 123, phase: name, message, job: "j", pod: of },
});
const nothing = { jobs: [], pods: [], secrets: [], files: [] };
const everything: readonly DemoEvent[] = [
  {
    ...{ type: "stage", cluster: "kube-sandbox", server: "http://127.0.0.1:40263", namespace: "paperclip" },
    ...{ image: "paperclip-demo/agent:1", claim: "paperclip-data", volume: "/v", model: "scripted" },
  },
  { type: "run", run: 1, task: "Do this and that. ".repeat(9), resumes: null },
  phase("running", `The agent is running (pod ${pod})`),
  { type: "notice", run: 1, atMs: 200, message: "A remark with words. ".repeat(9) },
  {
    type: "transcript",
    run: 1,
    atMs: 900,
    entry: { kind: "text", text: "Some text. ".repeat(20), nested: false },
  },
  { type: "stderr", run: 1, atMs: 950, text: "a warning\n" },
  { type: "cancel", state: "requested" },
  { type: "cancel", state: "confirmed" },
  { type: "table", runs: [figures, second] },
  { type: "proof", left: nothing, clean: true },
];

function shown(events: readonly DemoEvent[], { width = 80, color = false } = {}): string {
  let text = "";
  const write = (piece: string) => {
    text += piece;
  };
  const show = createTerminalShow({ write, width: () => width, color });
  for (const event of events) show(event);
  return text;
}

describe("the terminal", () => {
  test.each([72, 80, 120, 300])("keeps every line within %i columns, and within 120", (width) => {
    const lines = shown(everything.slice(0, 8), { width }).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(width, 120));
  });

  test("keeps the table within 80 columns", () => {
    const lines = shown(everything).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("writes no escape codes without colours, and the same words with them", () => {
    const plain = shown(everything);
    const colored = shown(everything, { color: true });
    expect(plain).not.toContain("\u001b");
    expect(colored).toContain("\u001b[");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colours are made of.
    expect(colored.replace(/\u001b\[\d+m/gu, "")).toBe(plain);
  });

  test("shows a phase once, although it comes again with the pod's name", () => {
    const waits = "Waiting for a node";
    const text = shown([phase("scheduling", waits, null), phase("scheduling", `${waits} (pod ${pod})`)]);
    expect(text).toBe("   0.1 s  ◇ Waiting for a node\n");
  });

  test("shows the same phase of the next run again", () => {
    const waits = phase("scheduling", "Waiting for a node", null) as Extract<DemoEvent, { type: "phase" }>;
    expect(
      shown([waits, { ...waits, run: 2 }])
        .trim()
        .split("\n"),
    ).toHaveLength(2);
  });

  test("puts two runs side by side: one session, each with its own cost", () => {
    const rows = shown([{ type: "table", runs: [figures, second] }]);
    expect(rows).toMatch(/session +0b6d4ad6-1c34-4a8e-a5ab-90e5b3c8f3aa +the same, resumed/);
    expect(rows).toMatch(/cost +\$0\.0049 +\$0\.0035/);
    expect(rows).toMatch(/API requests +3 +3/);
    expect(rows).toContain("list jobs × 2");
  });

  test("leaves out requests that nobody has counted", () => {
    expect(shown([{ type: "table", runs: [{ ...figures, requests: null }] }])).not.toContain("API requests");
  });

  test("names what is left, with a cross", () => {
    const left = { ...nothing, files: ["instances/x.pod.ndjson"] };
    const text = shown([{ type: "proof", left, clean: false }]);
    expect(text).toContain("✔ 0 Jobs");
    expect(text).toContain("✖ 1 run files");
    expect(text).toContain("    instances/x.pod.ndjson");
  });

  test("does not claim what it may not ask", () => {
    const text = shown([{ type: "proof", left: { ...nothing, secrets: null }, clean: true }]);
    expect(text).toContain("? Secrets (no right)");
    expect(text).not.toContain("0 Secrets");
    expect(text.trim().length).toBeLessThan(80);
  });

  test("says why a run failed", () => {
    const failed: RunFigures = { ...figures, outcome: "k8s_oom_killed", error: "The agent was killed." };
    expect(shown([{ type: "result", ...failed }])).toContain("! The agent was killed.");
    expect(shown([{ type: "result", ...figures }])).toBe("");
  });
});
