// Records what the real Claude Code prints in every situation: run it after an update of the CLI.
//   node --conditions=@paperclip-k8s/source scripts/record-claude-fixtures.ts [name …]
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type OfflineRun, runOfflineClaude, startScriptedModel } from "@paperclip-k8s/offline-agents";
import { type Situation, situations } from "./claude-situations.ts";
import { createSanitizer } from "./sanitize.ts";

const target = fileURLToPath(new URL("../test/claude/fixtures/", import.meta.url));
const wanted = new Set(process.argv.slice(2));
const sessions = new Map<string, string>();
const folder = await mkdtemp(join(tmpdir(), "record-"));

await mkdir(target, { recursive: true });
for (const situation of situations) {
  if (wanted.size > 0 && !wanted.has(situation.name)) continue;
  const places = placesOf(situation.resumes ?? situation.name);
  const run = await record(situation, places);
  sessions.set(situation.name, /"session_id":"([^"]+)"/.exec(run.stdout)?.[1] ?? "");
  await save(situation.name, run, createSanitizer(places));
  console.log(`${situation.name}: exit ${run.exitCode ?? run.signal}, ${run.stdout.length} characters`);
}
await rm(folder, { recursive: true, force: true });

function placesOf(name: string) {
  return { home: join(folder, name, "home"), cwd: join(folder, name, "cwd") };
}

async function record(situation: Situation, places: { home: string; cwd: string }): Promise<OfflineRun> {
  await using model = await startScriptedModel({ script: situation.script, idPrefix: situation.name });
  const killer = new AbortController();
  const resume = situation.resumes === undefined ? [] : ["--resume", sessions.get(situation.resumes) ?? ""];
  // Awaited here: the model would otherwise be gone before the CLI asks it.
  return await runOfflineClaude({
    baseUrl: model.url,
    prompt: situation.prompt ?? "Do what the script says.",
    ...places,
    args: [...resume, ...(situation.args ?? [])],
    ...(situation.maxRetries === undefined ? {} : { maxRetries: situation.maxRetries }),
    env: situation.env ?? {},
    signal: killer.signal,
    killSignal: situation.killSignal ?? "SIGKILL",
    onStdout: (chunk) => {
      if (situation.killAt !== undefined && chunk.includes(situation.killAt))
        setTimeout(() => killer.abort(), 1_000);
    },
  });
}

async function save(name: string, run: OfflineRun, sanitize: (text: string) => string): Promise<void> {
  await writeFile(join(target, `${name}.ndjson`), sanitize(run.stdout));
  await writeFile(join(target, `${name}.stderr`), sanitize(run.stderr));
  await writeFile(join(target, `${name}.exit`), `${run.exitCode ?? run.signal}\n`);
}
