import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defineAgentAdapter, thisHost } from "../../src/index.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";
import { NAMESPACE } from "../support/stage.ts";

const stage = sharedStage();

it("K3: prompt, key, token and instructions are in no Job, pod or event, and in nothing that the host stores", async () => {
  const folder = await mkdtemp(join(tmpdir(), "secrets-"));
  const instructionsFilePath = join(folder, "AGENTS.md");
  await writeFile(instructionsFilePath, "these-are-instructions");
  const secrets = ["this-is-the-prompt", "sk-this-is-a-key", "this-is-the-token", "these-are-instructions"];
  let objects = "";
  const { result, messages, meta, stdout } = await run({
    stage: stage(),
    script: `: this-is-the-prompt; echo "$API_KEY $PAPERCLIP_API_KEY"; exit 3`,
    config: { env: { API_KEY: "sk-this-is-a-key" }, instructionsFilePath },
    ctx: { authToken: "this-is-the-token" },
    onChunk: async () => {
      for (const path of [
        `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`,
        `/api/v1/namespaces/${NAMESPACE}/pods`,
        `/api/v1/namespaces/${NAMESPACE}/events`,
      ])
        objects += JSON.stringify(await stage().transport.json({ method: "GET", path }));
    },
  });
  await rm(folder, { recursive: true });
  expect(stdout).toBe("sk-this-is-a-key this-is-the-token\n");
  expect(objects).toContain("example/agent:1");
  const stored = JSON.stringify({ result, messages, meta });
  for (const secret of secrets) {
    expect(objects).not.toContain(secret);
    expect(stored).not.toContain(secret);
  }
  await stage().nothingLeft();
});

it.each(["providers", "all"])(
  "K4: the host's own secrets do not reach an agent that inherits %s",
  async (inheritEnv) => {
    const mine = {
      DATABASE_URL: "postgres://host-secret",
      PAPERCLIP_AGENT_JWT_SECRET: "jwt-host-secret",
      BETTER_AUTH_SECRET: "auth-host-secret",
      PGPASSWORD: "pg-host-secret",
    };
    const environment = {
      ...mine,
      SHELL_API_KEY: "provider-key",
      TMPDIR: "/host/tmp",
      PATH: process.env["PATH"],
    };
    const adapter = defineAgentAdapter(shell, { ...thisHost(), environment });
    const { stdout } = await run({ stage: stage(), adapter, script: "env", config: { inheritEnv } });
    expect(stdout).toContain("SHELL_API_KEY=provider-key\n");
    expect(stdout).not.toContain("host-secret");
    expect(stdout).not.toContain("/host/tmp");
    for (const name of Object.keys(mine)) expect(stdout).not.toContain(`${name}=`);
    await stage().nothingLeft();
  },
);
