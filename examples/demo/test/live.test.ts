import { offlineClaudeEnvironment, startScriptedModel } from "@paperclip-k8s/offline-agents";
import { expect, test } from "vitest";
import { scriptOfBothTasks } from "../src/run/tasks.ts";
import { eventsOf, startDemo } from "./start-demo.ts";

test("--live gives the agent the key and the endpoint of this process, and shows neither (K3)", async () => {
  await using endpoint = await startScriptedModel({ script: scriptOfBothTasks });
  const key = "key-of-this-process";
  const env = { ...offlineClaudeEnvironment({ baseUrl: endpoint.url }), ANTHROPIC_API_KEY: key };
  const { code, stdout, stderr, events } = await startDemo({ args: ["--live", "--json"], env });
  expect(code).toBe(0);
  expect(eventsOf(events, "stage")).toMatchObject([{ model: "live" }]);
  const keys = endpoint.requests
    .map(({ headers }) => headers["x-api-key"])
    .filter((used) => used !== undefined);
  expect(new Set(keys)).toEqual(new Set([key]));
  expect(stdout + stderr).not.toContain(key);
}, 60_000);

test("without --live nothing of this process's own access reaches the agent (K3)", async () => {
  await using endpoint = await startScriptedModel({ script: scriptOfBothTasks });
  const env = { ANTHROPIC_API_KEY: "key-of-this-process", ANTHROPIC_BASE_URL: endpoint.url };
  const { code } = await startDemo({ args: ["--json"], env });
  expect(code).toBe(0);
  expect(endpoint.requests).toEqual([]);
}, 60_000);
