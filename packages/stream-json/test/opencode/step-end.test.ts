import { expect, test } from "vitest";
import { openCodeToTranscript } from "../../src/index.ts";
import { fixture, reducerOf } from "./fixture.ts";

const line = (type: string, part: object) => JSON.stringify({ type, sessionID: "ses_1", part });
const start = (message = "msg_1") => line("step_start", { messageID: message });
const finish = (reason: string, message = "msg_1") => line("step_finish", { reason, messageID: message });
const tool = (part: object = {}, state: object = {}) =>
  line("tool_use", {
    ...{ callID: "call_1", tool: "bash", messageID: "msg_1" },
    ...{ ...part, state: { status: "completed", ...state } },
  });
const says = (text: string, message = "msg_1") => line("text", { text, messageID: message });
const resultEntries = (lines: readonly string[]) =>
  lines.flatMap((each) => openCodeToTranscript(each)).filter(({ kind }) => kind === "result");

test.each(["stop", "length", "error"])(
  "L7: after a tool call OpenCode goes on, although the reason is %s",
  (reason) => {
    const reducer = reducerOf({ lines: [start(), tool(), finish(reason)] });
    expect(reducer.result()).toMatchObject({ state: "truncated" });
    expect(reducer.result()).not.toHaveProperty("failure");
    expect(reducer.isClosed()).toBe(false);
  },
);

test("L7: a recorded step that ended with stop and a tool call is not the last one", () => {
  const { lines } = fixture("stop-with-tool");
  const states = lines.map((_, at) => reducerOf({ lines: lines.slice(0, at + 1) }).result().state);
  expect(states).toEqual([...Array(lines.length - 1).fill("truncated"), "finished"]);
});

test("A tool call of a try that broke off counts, one of an older message does not", () => {
  expect(reducerOf({ lines: [start(), tool(), start(), finish("stop")] }).result().state).toBe("truncated");
  const next = [start("msg_2"), tool(), finish("stop", "msg_2")];
  expect(reducerOf({ lines: [start(), tool(), finish("tool-calls"), ...next] }).result().state).toBe(
    "finished",
  );
});

test.each([
  ["the provider has run", tool({ metadata: { providerExecuted: true } })],
  ["was interrupted", tool({}, { status: "error", error: "no", metadata: { interrupted: true } })],
])("OpenCode does not go on for a tool call that %s", (_, call) => {
  expect(reducerOf({ lines: [start(), call, finish("stop")] }).result().state).toBe("finished");
});

test.each([
  ["stop", undefined],
  ["error", "transient_upstream"],
  ["length", "output_limit"],
  ["content-filter", "model_refusal"],
  ["other", "unclassified"],
  ["constructor", "unclassified"],
])("C18: a last step that ended with %s has the failure %s, for the transcript as well", (reason, family) => {
  const lines = [start(), says("Let me see."), finish(reason)];
  const reducer = reducerOf({ lines });
  expect(reducer.result()).toMatchObject({ state: "finished", finishReason: reason });
  expect(reducer.result().failure?.family).toBe(family);
  expect(reducer.isClosed()).toBe(family === undefined);
  expect(resultEntries(lines)).toMatchObject([{ subtype: reason, isError: family !== undefined }]);
});

test("C20: a provider that ends its answers for no known reason is asked again: nothing is over", () => {
  const { lines, stderr } = fixture("unknown-reason");
  const reducer = reducerOf({ lines, stderr });
  expect(reducer.isClosed()).toBe(false);
  expect(reducer.result()).toMatchObject({ state: "truncated", failure: { family: "transient_upstream" } });
  expect(resultEntries(lines)).toEqual([]);
});

test("R12: twenty such answers in a row with nothing in them are an outage, until one has something", () => {
  let messages = 0;
  const answer = (...texts: readonly string[]) => {
    messages += 1;
    const message = `msg_${messages}`;
    return [start(message), ...texts.map((text) => says(text, message)), finish("unknown", message)];
  };
  const again = (times: number) => Array.from({ length: times }, () => answer()).flat();
  const waits = {
    isWaiting: true,
    failure: {
      family: "transient_upstream",
      message: "The provider ends its answers for no known reason",
    },
  };
  expect(reducerOf({ lines: again(20) }).retrying()).toEqual({ streak: 1, attempts: 20, ...waits });
  expect(reducerOf({ lines: again(500) }).retrying()).toEqual({ streak: 1, attempts: 500, ...waits });
  const after = (...lines: readonly string[]) => reducerOf({ lines }).retrying();
  expect(after(...again(19), ...answer("Well."), ...again(19))).toBeUndefined();
  expect(after(...again(20), start("msg_0"), finish("stop", "msg_0"))).toBeUndefined();
  expect(after(...again(20), ...answer("Well."), ...again(20))).toMatchObject({ streak: 2, attempts: 20 });
});
