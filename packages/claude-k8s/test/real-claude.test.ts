import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Script, type ScriptedModel, startScriptedModel } from "@paperclip-k8s/offline-agents";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type RealRun, runRealClaude } from "./support/real-claude.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "real-claude-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(script: Script, options: Partial<RealRun> = {}) {
  await using model = await startScriptedModel({ script });
  const ended = await runRealClaude({ folder, baseUrl: model.url, prompt: "Say it.", ...options });
  return { ...ended, asked: asked(model) };
}

function asked(model: ScriptedModel): string {
  return JSON.stringify(model.requests.map(({ body }) => body));
}

it("the real Claude Code takes every argument, the prompt, the instructions and the skills", async () => {
  const skills = join(folder, "skills");
  const skill = join(skills, ".claude/skills/flightless");
  await mkdir(skill, { recursive: true });
  const told = "---\nname: flightless\ndescription: What to do about penguins.\n---\nLet them swim.\n";
  await writeFile(join(skill, "SKILL.md"), told);
  const { end, result, asked, stdout } = await run([{ kind: "text", text: "Said." }], {
    prompt: "Say the word albatross.",
    config: {
      model: "claude-opus-5",
      effort: "low",
      maxTurnsPerRun: 3,
      mcpServers: {},
      extraArgs: "--disallowedTools Task",
    },
    run: { instructions: "Be brief, pelican.", skillsDirectory: skills },
  });
  expect(end).toMatchObject({ failure: null, succeeded: true, billingType: "api" });
  expect(result).toMatchObject({ state: "finished", summary: "Said.", model: "claude-opus-5" });
  expect(asked).toContain("albatross");
  expect(asked).toContain("pelican");
  const started = stdout.split("\n").find((line) => line.includes('"subtype":"init"')) ?? "{}";
  expect(JSON.parse(started).skills).toContain("flightless");
});

it("R1, R2: the real Claude Code resumes its session without the instructions, and an unknown one is told", async () => {
  const first = await run([{ kind: "text", text: "First." }], {
    prompt: "albatross",
    run: { instructions: "pelican" },
  });
  const sessionId = first.result.sessionId;
  const second = await run([{ kind: "text", text: "Second." }], {
    run: { instructions: "toucan", sessionId },
  });
  expect(second.result).toMatchObject({ summary: "Second.", sessionId });
  expect(second.asked).toContain("albatross");
  expect(second.asked).not.toContain("toucan");
  const unknown = await run([], { run: { sessionId: "11111111-2222-4333-8444-555555555555" } });
  expect(unknown.end).toMatchObject({ failure: { code: "claude_unknown_session" }, session: "retry_fresh" });
});

it("K6: the real Claude Code takes nasty values as what they are", async () => {
  const model = "$(id)`id`;'\"$HOME";
  const { end, asked } = await run([{ kind: "text", text: "Said." }], { config: { model } });
  expect(end.failure).toBeNull();
  expect(asked).toContain(JSON.stringify(model));
});
