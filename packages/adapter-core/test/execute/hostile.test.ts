import { expect, it } from "vitest";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";

const stage = sharedStage();

const made = (since: number) =>
  stage()
    .sandbox.requests.slice(since)
    .filter(({ verb }) => verb === "create");

it.each(["../../etc", "%2e%2e", "a\nb", "a\0b", "a/b", ""])(
  "K5: an id %j is refused before anything is made",
  async (id) => {
    for (const field of ["runId", "agentId", "companyId"] as const) {
      const before = stage().sandbox.requests.length;
      const { result } = await run({ stage: stage(), script: "true", [field]: id });
      expect(result).toMatchObject({ errorCode: "configuration_incomplete", exitCode: null });
      expect(result.errorMessage).toContain(`Invalid ${field} for log path`);
      expect(made(before)).toEqual([]);
    }
    expect((await stage().left()).files).toEqual([]);
  },
);

it("K6: arguments reach the agent as they are: no shell, and no Kubernetes, reads them", async () => {
  const extraArgs = ["$(touch pwned)", "`id`", "a\nb", `'"\\`, "$$", "$(HOME)", "$(UNSET)", "", "--", "*"];
  const { stdout } = await run({
    ...{ stage: stage(), config: { extraArgs: JSON.stringify(extraArgs) } },
    script: `for word; do printf '<%s>\\n' "$word"; done`,
  });
  expect(stdout).toBe(extraArgs.map((word) => `<${word}>\n`).join(""));
  await stage().nothingLeft();
});

it("K6: variables reach the agent as they are", async () => {
  const env = { A: "$(HOME) $$ `id` 'x' \"y\"", B: "line 1\nline 2" };
  const { stdout } = await run({ stage: stage(), config: { env }, script: `printf '%s|%s' "$A" "$B"` });
  expect(stdout).toBe(`${env.A}|${env.B}`);
  await stage().nothingLeft();
});

it("K7: a label that is reserved is refused by its name; another is set", async () => {
  const labels = { "paperclip.io/run-id": "mine" };
  const refused = await run({ stage: stage(), script: "true", config: { labels } });
  expect(refused.result.errorCode).toBe("configuration_incomplete");
  expect(refused.result.errorMessage).toContain("paperclip.io/run-id");
  let seen: unknown;
  await run({
    ...{ stage: stage(), script: "echo here", config: { labels: "team=blue" }, runId: "run-1" },
    onChunk: async () => {
      seen = (await stage().jobs())[0]?.metadata?.labels;
    },
  });
  expect(seen).toMatchObject({ team: "blue", "paperclip.io/run-id": "run-1" });
  await stage().nothingLeft();
});
