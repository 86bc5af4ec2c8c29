import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { runOfflineOpenCode, type Step, scriptByPrompt, toolUsingScript } from "../src/index.ts";
import { realRuns } from "./support/real-run.ts";

const { run } = realRuns(runOfflineOpenCode);

const script = toolUsingScript({ agent: "opencode" });

test("OpenCode uses its tools as the script says, and leaves the folder as it was", async () => {
  const { ended, events, requests, cwd } = await run(script, "Greet me.", "tools");
  expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
  const tools = events.filter((event) => event.type === "tool_use").map(({ part }) => part);
  expect(tools.map(({ tool, state }) => [tool, state.status, state.output])).toEqual([
    ["bash", "completed", "hello from the pod\n"],
    ["write", "completed", "Wrote file successfully."],
    ["bash", "completed", "hello from the pod\n"],
  ]);
  expect(events.at(-1)).toMatchObject({ type: "step_finish", part: { reason: "stop" } });
  expect(await readdir(cwd)).toEqual([]);
  expect(requests.filter(({ path }) => path !== "/v1/messages")).toEqual([]);
  expect(requests[0]).toMatchObject({ method: "POST", headers: { "x-api-key": "offline-key" } });
}, 60_000);

test("The request for a title takes no step of the script, and a title of one's own spares it", async () => {
  const prompts: string[] = [];
  const hello = ({ prompt }: { prompt: string }): Step => {
    prompts.push(prompt);
    return { kind: "text", text: "Hello." };
  };
  const asked = await run(hello, "Greet me.", "untitled");
  expect(asked.requests).toHaveLength(2);
  expect(prompts).toEqual(["Greet me."]);
  const spared = await run(hello, "Greet me.", "titled", ["--title", "Mine"]);
  expect(spared.requests).toHaveLength(1);
  for (const { events } of [asked, spared]) expect(events[1]).toMatchObject({ part: { text: "Hello." } });
}, 60_000);

test("A resumed session starts again at the first step, and the model sees the earlier prompt", async () => {
  const first = await run(script, "Greet me.", "resume");
  const { sessionID: id } = first.events[0];
  const second = toolUsingScript({ agent: "opencode", words: "second" });
  const again = await run(second, "Once more.", "resume", ["--session", id]);
  expect(again.ended.exitCode).toBe(0);
  expect(again.events.at(-2)).toMatchObject({
    sessionID: id,
    part: { text: 'Done: the shell and the file both say "second".' },
  });
  expect(JSON.stringify(again.requests.at(-1)?.body)).toContain("Greet me.");
}, 60_000);

test("A named script is played with the tools of the agent that asks", async () => {
  const { events, requests } = await run(scriptByPrompt(), "[script:tools] Greet me.", "named");
  expect(events.filter(({ type }) => type === "tool_use").map(({ part }) => part.tool)).toEqual([
    "bash",
    "write",
    "bash",
  ]);
  expect(requests.length).toBeGreaterThan(0);
}, 60_000);
