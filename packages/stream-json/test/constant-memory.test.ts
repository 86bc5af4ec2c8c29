import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { parseEvent } from "../src/index.ts";
import { createRecentMap } from "../src/recent-map.ts";
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

test("The map of recent entries forgets the oldest, and remembers what was set again", () => {
  const map = createRecentMap<number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);
  map.set("c", 4);
  expect([map.get("a"), map.get("b"), map.get("c"), map.size]).toEqual([3, undefined, 4, 2]);
});
