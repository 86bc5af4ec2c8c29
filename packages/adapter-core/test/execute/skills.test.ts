import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defineAgentAdapter } from "../../src/index.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";
import { skillOnHost } from "../support/skills.ts";

const stage = sharedStage();
const adapter = defineAgentAdapter({
  ...shell,
  commandLine: ({ skillsDirectory, sessionId }) => [
    "/bin/sh",
    "-s",
    "--",
    `${skillsDirectory}`,
    `${sessionId}`,
  ],
});

async function config(text: string) {
  const entry = await skillOnHost(join(stage().root, "host-skills"), "review", { "SKILL.md": text });
  return {
    paperclipRuntimeSkills: [entry],
    paperclipSkillSync: { desiredSkills: ["acme/review", "acme/none"] },
  };
}

it("the agent reads the skills that the host has for it, and hears of those that it has not", async () => {
  const { result, stdout, messages } = await run({
    ...{ stage: stage(), adapter, config: await config("# How to review") },
    script: `cat "$1/.claude/skills/review/SKILL.md"`,
  });
  expect(result).toMatchObject({ exitCode: 0, errorCode: null });
  expect(stdout).toBe("# How to review");
  expect(messages).toContain("Skill acme/none is left out: the host does not have it.");
  await stage().nothingLeft();
});

it("R1: a session is resumed with the same skills, and not with others", async () => {
  const script = `echo "$2"; echo '{"session":"s-1"}'`;
  const agentId = randomUUID();
  const first = await run({ ...{ stage: stage(), adapter, script, agentId }, config: await config("one") });
  const { sessionParams } = first.result;
  expect(sessionParams).toMatchObject({
    sessionId: "s-1",
    skillsKey: expect.stringMatching(/^[0-9a-f]{24}$/),
  });
  const same = await run({
    ...{ stage: stage(), adapter, script, agentId, sessionParams },
    config: await config("one"),
  });
  expect(same.stdout).toMatch(/^s-1\n/);
  const other = await run({
    ...{ stage: stage(), adapter, script, agentId, sessionParams },
    config: await config("two"),
  });
  expect(other.stdout).toMatch(/^null\n/);
  expect(other.messages.join("\n")).toContain(
    "A fresh session is started: session s-1 belongs to another skillsKey",
  );
  await stage().nothingLeft();
});

it("the host's list shows what an agent gets", async () => {
  const snapshot = await adapter.listSkills?.({
    ...{ agentId: "a1", companyId: "c1", adapterType: adapter.type },
    config: await config("text"),
  });
  expect(snapshot).toMatchObject({
    supported: true,
    mode: "ephemeral",
    desiredSkills: ["acme/review", "acme/none"],
    entries: [
      { key: "acme/none", state: "missing" },
      { key: "acme/review", state: "configured" },
    ],
  });
});
