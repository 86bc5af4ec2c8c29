import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { parseEvent } from "../src/index.ts";
import { createRecentIds } from "../src/recent-ids.ts";
import { createIdTally, createUsageTally } from "../src/tally.ts";
import { noUsage } from "../src/usage.ts";
import { type Cli, claude, opencode } from "./support/clis.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const input = { command: "x".repeat(200) };
const output = "y".repeat(500);

/** The lines of one turn with a failed tool call, whose ids never come again. */
const turns: readonly { readonly cli: Cli; turn(at: number): readonly object[] }[] = [
  {
    cli: claude,
    turn: (at) => {
      const id = `toolu_${at}`;
      const content = [{ type: "tool_use", id, name: "Bash", input }];
      const message = { id: `msg_${at}`, model: "m", content, usage: { input_tokens: 1 } };
      const result = { type: "tool_result", tool_use_id: id, content: output, is_error: true };
      return [
        { type: "assistant", uuid: `a${at}`, message },
        { type: "user", uuid: `u${at}`, message: { content: [result] } },
      ];
    },
  },
  {
    cli: opencode,
    turn: (at) => {
      const state = { status: "error", input, error: output };
      const tool = { id: `prt_${at}`, type: "tool", tool: "bash", callID: `toolu_${at}`, state };
      const end = { id: `prt_end_${at}`, reason: "tool-calls", tokens: { input: 1 }, cost: 0 };
      return [
        { type: "tool_use", sessionID: "ses_1", part: tool },
        { type: "step_finish", sessionID: "ses_1", part: end },
      ];
    },
  },
];

test.each(turns)("Memory does not grow with the stream of $cli.name", ({ cli, turn }) => {
  const reducer = cli.createReducer();
  const push = (from: number, to: number) => {
    for (let at = from; at < to; at += 1) {
      for (const event of turn(at)) reducer.push(parseEvent(JSON.stringify(event)));
      reducer.pushStderr?.(`timestamp=1 level=ERROR message="stream error" session.id=ses_${at}`);
    }
  };
  push(0, 5_000);
  const before = heapBytes();
  push(5_000, 55_000);
  // What 50,000 more turns would leave, were only their ids kept, is above 15 MB.
  expect(heapBytes() - before).toBeLessThan(2_000_000);
  expect(reducer.result().counts).toMatchObject({ messages: 55_000, toolCalls: 55_000, toolErrors: 55_000 });
});

test("The recent ids are remembered, those before them forgotten", () => {
  const ids = createRecentIds(1_024);
  for (let at = 0; at < 10_000; at += 1) ids.touch(`id_${at}`);
  expect(ids.touch("id_7000")).toBeUndefined();
  const last = Array.from({ length: 1_023 }, (_, back) => ids.touch(`id_${9_999 - back}`));
  expect(last).not.toContain(undefined);
  expect(new Set(last).size).toBe(1_023);
});

test("An id that comes again is remembered for longer", () => {
  const ids = createRecentIds(1_024);
  for (let at = 0; at < 20_000; at += 1) {
    ids.touch(`id_${at}`);
    ids.touch("again");
  }
  expect(ids.touch("again")).toBeDefined();
  expect(ids.touch("id_0")).toBeUndefined();
});

test("A hundred thousand ids are told apart", () => {
  const tally = createIdTally();
  for (let at = 0; at < 100_000; at += 1) tally.add(`00000000-0000-4000-8000-${at}`);
  for (let at = 0; at < 100_000; at += 1) tally.add(`msg_${at.toString(36)}`);
  expect(tally.count).toBe(200_000);
});

test("What a message reported is known of for as long as its id is", () => {
  const tally = createUsageTally();
  const usage = { ...noUsage, outputTokens: 5 };
  tally.report("first", usage);
  for (let at = 0; at < 500; at += 1) {
    tally.report(`other_${at}`, usage);
    for (let again = 0; again < 4; again += 1) tally.report("first", { ...usage, outputTokens: 7 });
  }
  for (let at = 500; at < 3_000; at += 1) tally.report(`other_${at}`, usage);
  expect(tally.total.outputTokens).toBe(3_000 * 5 + 7);
  expect(tally.messages).toBe(3_001);
});
