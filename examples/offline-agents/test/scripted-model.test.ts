import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { type Script, type Step, startScriptedModel, toolUsingScript } from "../src/index.ts";

const prompt = { role: "user", content: "go" };
const toolResult = { role: "user", content: [{ type: "tool_result", tool_use_id: "x", content: "ok" }] };

function post(url: string, body: unknown, path = "/v1/messages?beta=true"): Promise<Response> {
  return fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
}

async function ask(script: Script, body: Record<string, unknown>): Promise<Response & { shown: string }> {
  await using model = await startScriptedModel({ script, idPrefix: "test" });
  const response = await post(model.url, { model: "m", messages: [prompt], ...body });
  return Object.assign(response, { shown: await response.text() });
}

const sseEvents = (text: string) =>
  text
    .split("\n\n")
    .filter((part) => part !== "")
    .map((part) => JSON.parse(part.slice(part.indexOf("data: ") + 6)));

test("A stream has the events of the messages API in their order", async () => {
  const step: Step = {
    kind: "tool",
    text: "äöü 🙂!",
    name: "Bash",
    input: { command: "ls" },
    pace: { chunkLength: 5 },
  };
  const { shown } = await ask([step], { stream: true });
  const events = sseEvents(shown);
  expect(events.map((event) => event.type)).toEqual([
    "message_start",
    ...["content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"],
    ...["content_block_start", ...Array(4).fill("content_block_delta"), "content_block_stop"],
    ...["message_delta", "message_stop"],
  ]);
  const deltas = events.filter((event) => event.delta?.type === "text_delta");
  expect(deltas.map((event) => event.delta.text)).toEqual(["äöü 🙂", "!"]);
  expect(events.at(-2).delta.stop_reason).toBe("tool_use");
});

test("A request that is not streamed gets one message", async () => {
  const { shown } = await ask([{ kind: "thinking", thinking: "hm", text: "yes" }], {});
  expect(JSON.parse(shown)).toMatchObject({
    id: "msg_test000001",
    role: "assistant",
    stop_reason: "end_turn",
    content: [
      { type: "thinking", thinking: "hm", signature: expect.any(String) },
      { type: "text", text: "yes" },
    ],
  });
});

test("The n-th call after a prompt gets the n-th step, and a new prompt starts again", async () => {
  const steps: Step[] = [
    { kind: "text", text: "first" },
    { kind: "text", text: "second" },
  ];
  const messages = [
    prompt,
    toolResult,
    { role: "user", content: [{ type: "text", text: "<system-reminder>x" }] },
  ];
  expect((await ask(steps, { messages })).shown).toContain("second");
  expect((await ask(steps, { messages: [...messages, toolResult] })).shown).toContain("That was all.");
  expect((await ask(steps, { messages: [...messages, prompt] })).shown).toContain("first");
});

test("A script function sees the prompt, the index and the attempt", async () => {
  const seen: unknown[] = [];
  await using model = await startScriptedModel({
    script: (call) => {
      seen.push([call.prompt, call.index, call.attempt, call.prompts]);
      return { kind: "text", text: "" };
    },
  });
  for (const messages of [[prompt], [prompt], [prompt, toolResult]]) {
    await (await post(model.url, { messages })).text();
  }
  expect(seen).toEqual([
    ["go", 0, 0, 1],
    ["go", 0, 1, 1],
    ["go", 1, 0, 1],
  ]);
});

test.each([true, false])(
  "An answer (stream: %s) has the headers of its step beside its own",
  async (stream) => {
    const step: Step = { kind: "text", text: "near the limit", headers: { "x-used": "0.9" } };
    const response = await ask([step], { stream });
    expect(response.headers.get("x-used")).toBe("0.9");
    expect(response.headers.get("content-type")).toBe(stream ? "text/event-stream" : "application/json");
  },
);

test("A connection is kept for a client that tries again after seconds", async () => {
  await using model = await startScriptedModel({ script: [{ kind: "text", text: "here" }] });
  const response = await post(model.url, { messages: [prompt] });
  await response.text();
  // Node's servers tell after how long they give up an idle connection; one that never does tells nothing.
  expect(response.headers.get("keep-alive")).toBeNull();
});

test("An API error has its status, headers and type", async () => {
  const step: Step = {
    kind: "api_error",
    status: 429,
    message: "slow down",
    headers: { "retry-after": "7" },
  };
  const response = await ask([step], { stream: true });
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("7");
  expect(JSON.parse(response.shown).error).toEqual({ type: "rate_limit_error", message: "slow down" });
});

test("A cut stream breaks the connection after its text", async () => {
  await using model = await startScriptedModel({ script: [{ kind: "cut", text: "half" }] });
  const response = await post(model.url, { messages: [prompt], stream: true });
  let text = "";
  const reading = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk;
  })();
  await expect(reading).rejects.toThrow();
  expect(text).toContain("half");
  expect(text).not.toContain("content_block_stop");
});

test("A client that asks again for an answer in one piece finds the same trouble", async () => {
  await expect(ask([{ kind: "cut", text: "half" }], {})).rejects.toThrow();
  const response = await ask([{ kind: "error_event" }], {});
  expect(response.status).toBe(529);
});

test.each([
  [
    { kind: "error_event", text: "so" },
    { type: "error", error: { type: "overloaded_error" } },
  ],
  [{ kind: "refusal" }, { type: "message_stop" }],
] as [Step, object][])("A stream of %o ends as asked", async (step, last) => {
  expect(sseEvents((await ask([step], { stream: true })).shown).at(-1)).toMatchObject(last);
});

test("A silence is filled with pings", async () => {
  const pace = { silenceMs: 30, pingEveryMs: 10 };
  const { shown } = await ask([{ kind: "text", text: "at last", pace }], { stream: true });
  expect(sseEvents(shown).filter((event) => event.type === "ping")).toHaveLength(2);
});

test("A long text has the length that was asked for", async () => {
  const { shown } = await ask([{ kind: "long_text", length: 300_000 }], {});
  expect(JSON.parse(shown).content[0].text).toHaveLength(300_000);
});

test("Side requests are answered: a count of tokens, a look whether the server is there, the unknown", async () => {
  await using model = await startScriptedModel({ script: [] });
  const count = await post(model.url, { messages: [] }, "/v1/messages/count_tokens?beta=true");
  expect(await count.json()).toEqual({ input_tokens: 100 });
  expect((await fetch(`${model.url}/`, { method: "HEAD" })).status).toBe(200);
  expect((await fetch(`${model.url}/v1/other`)).status).toBe(404);
  expect(model.requests.map((request) => request.path)).toEqual([
    "/v1/messages/count_tokens?beta=true",
    "/",
    "/v1/other",
  ]);
});

test("Closing ends an answer that would be silent for ever", async () => {
  const pace = { silenceMs: Number.POSITIVE_INFINITY };
  const model = await startScriptedModel({ script: [{ kind: "text", text: "never", pace }] });
  const response = await post(model.url, { messages: [prompt], stream: true });
  const text = response.text();
  await Promise.all([expect(text).rejects.toThrow(), model.close()]);
  await expect(post(model.url, {})).rejects.toThrow();
});

test("A port that is taken rejects the start", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await expect(startScriptedModel({ script: [], port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  other.close();
});

test("Words that a shell would read as more than words are refused", () => {
  expect(() => toolUsingScript({ words: '"; rm -rf $HOME' })).toThrow(/letters, digits/);
  expect(() => toolUsingScript({ file: "../up" })).toThrow(/letters, digits/);
});
