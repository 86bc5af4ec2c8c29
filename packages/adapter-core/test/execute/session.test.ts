import { expect, it } from "vitest";
import { defineAgentAdapter } from "../../src/index.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { shell } from "../support/shell-agent.ts";

const stage = sharedStage();

it("R1: a stored session is resumed", async () => {
  const { result, stdout } = await run({
    ...{ stage: stage(), sessionParams: { sessionId: "s-1", kept: "too" } },
    script: `echo "$1 $2"; echo '{"session":"s-1"}'`,
  });
  expect(stdout).toContain("--resume s-1\n");
  expect(result.sessionParams).toMatchObject({ sessionId: "s-1", kept: "too" });
  await stage().nothingLeft();
});

it("R1: an unknown session is left for a fresh one, in a second attempt with files of its own", async () => {
  const { result, stdout, messages, meta } = await run({
    ...{ stage: stage(), sessionParams: { sessionId: "s-gone" }, config: { busyWaitSec: 0 } },
    script: [
      `if [ "$1" = --resume ]; then echo '{"unknownSession":true}'; exit 1; fi`,
      `echo '{"session":"s-new"}'`,
      `find ${stage().volume}/instances -name '*.pod.ndjson' | sed 's/.*\\///'`,
    ].join("\n"),
  });
  expect(result).toMatchObject({ exitCode: 0, errorCode: null, sessionId: "s-new" });
  expect(result.clearSession).toBeUndefined();
  expect(stdout).toMatch(
    /^\{"unknownSession":true\}\n\{"session":"s-new"\}\n[0-9a-f-]{36}\.2\.pod\.ndjson\n$/,
  );
  expect(messages).toContain("Session s-gone cannot be resumed; the run starts once more with a fresh one.");
  expect(meta.map(({ commandArgs }) => commandArgs?.includes("--resume"))).toEqual([true, false]);
  await stage().nothingLeft();
});

it("R1: there is no third attempt", async () => {
  const { result, stdout } = await run({
    ...{ stage: stage(), sessionParams: { sessionId: "s-gone" } },
    script: `echo '{"unknownSession":true}'; exit 1`,
  });
  expect(stdout).toBe(`{"unknownSession":true}\n`.repeat(2));
  expect(result).toMatchObject({ errorCode: "agent_failed", clearSession: true });
  await stage().nothingLeft();
});

it("R1: what goes wrong with a second attempt is no evidence that nothing was done", async () => {
  const adapter = defineAgentAdapter({
    ...shell,
    commandLine: ({ sessionId }) => ["/bin/sh", "-s", "--", sessionId === null ? "a\0b" : "--resume"],
  });
  const { result } = await run({
    ...{ stage: stage(), adapter, sessionParams: { sessionId: "s-gone" } },
    script: `echo '{"unknownSession":true}'; exit 1`,
  });
  expect(result.errorCode).toBe("configuration_incomplete");
  expect(result.executionRecovery).toBeUndefined();
  await stage().nothingLeft();
});

it("K6: a stored session id that is no plain word is not used", async () => {
  const { result, stdout, messages } = await run({
    ...{ stage: stage(), sessionParams: { sessionId: "$(touch pwned)\n--flag" } },
    script: `echo "[$*]"`,
  });
  expect(stdout).toBe("[]\n");
  expect(result.exitCode).toBe(0);
  expect(messages.join()).toContain("A fresh session is started");
});

it("a retained Job stays with its files, and loses its Secret", async () => {
  const { result, runId } = await run({ stage: stage(), script: "echo kept", config: { retainJobs: true } });
  expect(result.exitCode).toBe(0);
  const left = await stage().left();
  expect(left.jobs).toHaveLength(1);
  expect(left.secrets).toEqual([]);
  expect(left.files).toContain(`${runId}.pod.ndjson`);
  const path = `/apis/batch/v1/namespaces/agents/jobs/${left.jobs[0]}`;
  await stage().transport.json({ method: "DELETE", path });
});
