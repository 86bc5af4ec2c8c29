// OpenCode's database on the volume: what the choice to keep it there rests on.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { agentTools, opencodeBinary } from "@paperclip-k8s/offline-agents";
import { expect, it, vi } from "vitest";
import { opencode } from "../src/definition.ts";
import { after, openCodeStage, runOpenCode } from "./support/real-runs.ts";

vi.setConfig({ testTimeout: 300_000 });

const stage = openCodeStage();
const { shell } = agentTools.opencode;

/** Where an agent's state lies, by the README. */
const stateOf = (companyId: string, agentId: string) =>
  join(stage().volume, "instances/default/companies", companyId, "agents", agentId, "opencode");

/** Asks the database with OpenCode itself, as a process of the pods' user. */
async function ask(state: string, query: string): Promise<string> {
  const user = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};
  const env = { XDG_DATA_HOME: state, HOME: state, PATH: "/usr/bin:/bin" };
  const child = spawn(opencodeBinary(), ["db", query, "--format", "json"], { env, cwd: "/", ...user });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await once(child, "close");
  return said;
}

it("C9: a run that is killed in the middle, as for memory, leaves a session that the next one resumes, for a reader beside it, too", async () => {
  const script = [
    { kind: "tool", ...shell("echo from before", "Say") },
    { kind: "text", text: "never", pace: { silenceMs: 600_000 } },
  ] as const;
  let read: Promise<string> | undefined;
  const killed = await runOpenCode(script, {
    ...{ stage: stage(), script: "Say the word albatross.", config: { graceSec: 1 } },
    onChunk: async (_stream, chunk) => {
      if (!chunk.includes('"tool_use"') || read !== undefined) return;
      const [agentId] = (await stage().jobs()).map(
        ({ metadata }) => metadata?.annotations?.["paperclip.io/agent-id"],
      );
      read = ask(stateOf("company-1", agentId ?? ""), "SELECT count(*) AS parts FROM part");
      await read;
      await killAgents();
    },
  });
  expect(killed.result).toMatchObject({ errorCode: "k8s_oom_killed", sessionId: expect.any(String) });
  expect(JSON.parse((await read) ?? "")[0].parts).toBeGreaterThan(0);

  const next = await runOpenCode([{ kind: "text", text: "Still here." }], {
    ...{ stage: stage(), ...after(killed) },
  });
  expect(next.result).toMatchObject({ summary: "Still here.", sessionId: killed.result.sessionId });
  expect(next.asked[0]).toMatch(/albatross.*from before/);
  const state = stateOf(next.companyId, next.agentId);
  expect(await ask(state, "PRAGMA integrity_check")).toContain("ok");
  await stage().nothingLeft();
});

/** Ends the agent CLI of the stage's runs as the kernel does that is out of memory. */
async function killAgents(): Promise<void> {
  const { readdirSync, readFileSync } = await import("node:fs");
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      const isOurs =
        environment.includes(`XDG_DATA_HOME=${stage().volume}/`) && command.startsWith("opencode\0run");
      if (isOurs) process.kill(Number(pid), "SIGKILL");
    } catch {
      // Ended meanwhile, or not ours to read.
    }
  }
}

it("the database is where the README says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`instances/<instance>/companies/<company>/agents/<agent>/${opencode.stateFolder}`);
});
