import { describe, expect, test } from "vitest";
import { forAll, isWholeMatrix, pods, runAgent, sh } from "./run-agent.ts";

const ALL = [...Array(256).keys()];
const SOME = [0, 1, 2, 126, 127, 128, 129, 137, 143, 192, 193, 255];
const SIGNALS = { TERM: 143, KILL: 137, SEGV: 139, PIPE: 141, ABRT: 134 };

describe.concurrent.each(pods())("in $title", (pod) => {
  const statuses = isWholeMatrix ? ALL : SOME;
  test(`C19 C23 ${statuses.length} exit codes from 0 to 255 are the container's, and the record's`, async () => {
    await forAll(statuses, async (status) => {
      const ended = await runAgent(pod, { command: sh(`exit ${status}`) });
      expect({ code: ended.code, record: ended.record }).toMatchObject({
        code: status,
        record: { status, failure: null, stdoutBytes: 0, stderrBytes: 0 },
      });
    });
  });

  test("C9 death by TERM, KILL, SEGV, PIPE and ABRT is told by status and name", async () => {
    await forAll(Object.entries(SIGNALS), async ([name, status]) => {
      const ended = await runAgent(pod, { command: sh(`echo working; kill -${name} $$`) });
      expect({ code: ended.code, record: ended.record }).toMatchObject({
        code: status,
        record: { status, signal: `SIG${name}`, failure: null, stdoutBytes: 8 },
      });
    });
  });

  test("L5 an agent that ends within 50 ms has all its output in file and log", async () => {
    await forAll([0, 1, 5, 10, 20, 30, 40, 50], async (ms) => {
      const command = sh(`sleep ${ms / 1000}; echo out; echo err >&2`);
      const ended = await runAgent(pod, { command });
      expect({ ...ended, log: ended.log.toString() }).toMatchObject({
        code: 0,
        log: "out\n",
        errorLog: "err\n",
        record: { status: 0, stdoutBytes: 4, stderrBytes: 4 },
      });
    });
  });
});
