// The adapter's own execute() on a sandbox: the command is a real process of a real shell.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../../../packages/adapter-core/test/support/run.ts";
import { sharedStage } from "../../../packages/adapter-core/test/support/shared-stage.ts";
import { createServerAdapter } from "../src/index.ts";

const stage = sharedStage();

/** Runs the prompt as the adapter does, and sees that nothing is left. */
async function runShell(prompt: string, config: Readonly<Record<string, unknown>> = {}) {
  const report = await run({ stage: stage(), adapter: createServerAdapter(), script: prompt, config });
  await stage().nothingLeft();
  return report;
}

it("without a command the prompt is the script, and the last line is the summary", async () => {
  const { result, stdout, stderr } = await runShell('echo "Hello, $1."; echo aside >&2; echo', {
    extraArgs: "'big world'",
  });
  expect(stdout).toBe("Hello, big world.\n\n");
  expect(stderr).toBe("aside\n");
  expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Hello, big world." });
});

it("a command gets the prompt on its standard input, instructions in front of it", async () => {
  const instructionsFilePath = join(stage().root, "AGENTS.md");
  await writeFile(instructionsFilePath, "Be brief.");
  const { result, stdout } = await runShell("Count $HOME `id`.", {
    command: 'tr a-z A-Z; echo; echo "by $0 $1"',
    extraArgs: ["$(id)"],
    instructionsFilePath,
  });
  expect(stdout).toContain("BE BRIEF.");
  expect(stdout).toContain("COUNT $HOME `ID`.");
  expect(result).toMatchObject({ exitCode: 0, summary: "by sh $(id)" });
});

it("a status other than 0 is a failure with that status", async () => {
  const { result } = await runShell("echo so far; exit 7");
  expect(result).toMatchObject({ exitCode: 7, errorCode: "agent_failed" });
});

it("an error that the command tells is a failure whatever the status is", async () => {
  const { result } = await runShell(`echo '{"error":"no \\"tests\\" found"}'; exit 0`);
  expect(result).toMatchObject({ errorCode: "shell_error", errorMessage: 'no "tests" found' });
});

it("has its field in the form beside those of the core", async () => {
  const schema = await createServerAdapter().getConfigSchema?.();
  const keys = schema?.fields.map(({ key }) => key);
  expect(keys).toEqual(expect.arrayContaining(["command", "image", "timeoutSec"]));
});

it("is under 100 lines, and every piece of code in its README is a piece of it", async () => {
  const read = (name: string) => readFile(new URL(`../${name}`, import.meta.url), "utf8");
  const [readme, source] = await Promise.all([read("README.md"), read("src/index.ts")]);
  const pieces = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code.trimEnd());
  expect(pieces.length).toBeGreaterThan(4);
  for (const piece of pieces) expect(source).toContain(piece);
  expect(source.split("\n").length).toBeLessThan(100);
});
