import { expect, it } from "vitest";
import { defineAgentAdapter } from "../../src/index.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";

const stage = sharedStage();

/** An agent that counts its prompt, and tells the mode of the files that hold one. */
const counting = () =>
  defineAgentAdapter({
    ...shell,
    commandLine: () => [
      "/bin/sh",
      "-c",
      `find "$1/instances" -name '*.prompt' -exec stat -c %a {} +; wc -c`,
      "count",
      stage().volume,
    ],
  });

const KIB = 1024;

it.each([
  ["127 KiB", 127 * KIB, ""],
  ["129 KiB", 129 * KIB, ""],
  ["300 KiB", 300 * KIB, ""],
  ["1.2 MiB, by a file that only the pod's user reads", 1.2 * KIB * KIB, "600\n"],
])("K2: a prompt of %s arrives whole", async (_what, size, files) => {
  const bytes = Math.floor(size);
  const { result, stdout } = await run({ stage: stage(), adapter: counting(), script: "p".repeat(bytes) });
  expect(result.exitCode).toBe(0);
  expect(stdout).toBe(`${files}${bytes}\n`);
  await stage().nothingLeft();
});

it("K2: one of 40 MiB is refused, and nothing is made", async () => {
  const before = stage().sandbox.requests.length;
  const { result } = await run({ stage: stage(), adapter: counting(), script: "p".repeat(40 * KIB * KIB) });
  expect(result.errorCode).toBe("configuration_incomplete");
  expect(result.errorMessage).toContain(`prompt is ${40 * KIB * KIB} bytes`);
  expect(
    stage()
      .sandbox.requests.slice(before)
      .filter(({ verb }) => verb === "create"),
  ).toEqual([]);
});

it("a variable above 128 KiB, which no program can be started with, is refused by its name", async () => {
  const config = { env: { BIG_ONE: "x".repeat(128 * KIB) } };
  const { result } = await run({ stage: stage(), script: "true", config });
  expect(result.errorCode).toBe("configuration_incomplete");
  expect(result.errorMessage).toContain("BIG_ONE");
  expect(result.errorMessage).not.toContain("xxx");
});

it("instructions that cannot be read are named before anything is made", async () => {
  const { result } = await run({
    ...{ stage: stage(), script: "true", config: { instructionsFilePath: "/no/such/AGENTS.md" } },
  });
  expect(result).toMatchObject({ errorCode: "configuration_incomplete" });
  expect(result.errorMessage).toContain("instructionsFilePath: /no/such/AGENTS.md cannot be read");
  await stage().nothingLeft();
});
