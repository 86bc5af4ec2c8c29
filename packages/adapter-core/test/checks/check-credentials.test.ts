import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defineAgentAdapter } from "../../src/index.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";

const stage = sharedStage();

const credentials = {
  areIn: ({ SHELL_KEY }: Readonly<Record<string, string>>) => Boolean(SHELL_KEY),
  homeFile: ".shell/login.json",
  remedy: "Set SHELL_KEY.",
};

async function told(config: Record<string, unknown>, definition: typeof shell = { ...shell, credentials }) {
  const { checks, status } = await defineAgentAdapter(definition).testEnvironment({
    ...{ companyId: "company-1", adapterType: "shell_k8s" },
    config: { ...stage().config, testPod: false, ...config },
  });
  return { status, found: checks.filter(({ code }) => code === "credentials") };
}

it("R9: an agent without credentials is told before its first run, and is no failure of the environment", async () => {
  const { status, found } = await told({});
  expect(status).toBe("warn");
  expect(found).toMatchObject([
    { level: "warn", hint: "Set SHELL_KEY.", message: expect.stringContaining(".shell/login.json") },
  ]);
});

it("variables count, and so does a login in the shared home", async () => {
  expect(await told({ env: { SHELL_KEY: "secret-of-mine" } })).toMatchObject({ found: [{ level: "info" }] });
  const file = join(stage().volume, credentials.homeFile);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, "{}");
  expect(await told({})).toMatchObject({ found: [{ level: "info" }] });
});

it("nothing is said of a home of the agent's own, nor of an agent that says nothing of its credentials", async () => {
  expect((await told({ home: "agent" })).found).toEqual([]);
  expect((await told({}, shell)).found).toEqual([]);
});
