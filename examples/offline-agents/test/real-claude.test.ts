import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { runOfflineClaude, scriptByPrompt, startScriptedModel, toolUsingScript } from "../src/index.ts";
import { eventsOf, realRuns } from "./support/real-run.ts";

const { run, placesOf } = realRuns(runOfflineClaude);

test("Claude uses its tools as the script says, and leaves the folder as it was", async () => {
  const { ended, events, requests, cwd } = await run(toolUsingScript(), "Greet me.", "tools");
  expect(ended.exitCode).toBe(0);
  const tools = events
    .flatMap((event) => (event.type === "assistant" ? event.message.content : []))
    .filter((block) => block.type === "tool_use");
  expect(tools.map((tool) => tool.name)).toEqual(["Bash", "Write", "Bash"]);
  const results = events.flatMap((event) => (event.type === "user" ? event.message.content : []));
  expect(results.map((result) => result.content)).toEqual([
    "hello from the pod",
    expect.stringContaining("greeting.txt"),
    "hello from the pod",
  ]);
  expect(events.at(-1)).toMatchObject({ type: "result", is_error: false, num_turns: 4 });
  expect(await readdir(cwd)).toEqual([]);
  expect(requests).toHaveLength(4);
  expect(requests[0]).toMatchObject({ method: "POST", headers: { "x-api-key": "offline-key" } });
});

test("A resumed session starts again at the first step, and the model sees the earlier prompt", async () => {
  const first = await run(toolUsingScript(), "Greet me.", "resume");
  const { session_id: id } = first.events[0];
  const again = await run(toolUsingScript({ words: "second" }), "Once more.", "resume", ["--resume", id]);
  expect(again.ended.exitCode).toBe(0);
  expect(again.requests).toHaveLength(4);
  expect(again.events.at(-1)).toMatchObject({ result: 'Done: the shell and the file both say "second".' });
  expect(JSON.stringify(again.requests[0]?.body)).toContain("Greet me.");
});

test("Two conversations at once each get their own steps", async () => {
  await using model = await startScriptedModel({ script: scriptByPrompt() });
  const prompts = ["[script:tools] one", "[script:thinking] two"];
  const runs = await Promise.all(
    prompts.map((prompt, at) => {
      return runOfflineClaude({ baseUrl: model.url, prompt, ...placesOf(`parallel-${at}`) });
    }),
  );
  expect(runs.map((ended) => eventsOf(ended).at(-1).result)).toEqual([
    'Done: the shell and the file both say "hello from the pod".',
    "Four.",
  ]);
});

test("A step of several attempts fails first and answers the CLI's retry", async () => {
  const { events } = await run(
    [
      {
        kind: "attempts",
        steps: [
          { kind: "api_error", status: 529 },
          { kind: "text", text: "Now." },
        ],
      },
    ],
    "Try.",
    "attempts",
  );
  expect(events.at(-1)).toMatchObject({ type: "result", result: "Now." });
  expect(events.some((event) => event.subtype === "api_retry")).toBe(true);
});
