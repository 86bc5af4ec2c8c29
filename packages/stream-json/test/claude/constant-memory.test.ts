import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createClaudeReducer, parseEvent } from "../../src/index.ts";
import { createRecentMap } from "../../src/recent-map.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test("Memory does not grow with the stream", () => {
  const reducer = createClaudeReducer();
  const push = (from: number, to: number) => {
    for (let at = from; at < to; at += 1) {
      const block = {
        type: "tool_use",
        id: `toolu_${at}`,
        name: "Bash",
        input: { command: "x".repeat(200) },
      };
      const message = { id: `msg_${at}`, model: "m", content: [block], usage: { input_tokens: 1 } };
      const result = {
        type: "tool_result",
        tool_use_id: `toolu_${at}`,
        content: "y".repeat(500),
        is_error: true,
      };
      reducer.push(parseEvent(JSON.stringify({ type: "assistant", uuid: `a${at}`, message })));
      reducer.push(
        parseEvent(JSON.stringify({ type: "user", uuid: `u${at}`, message: { content: [result] } })),
      );
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
