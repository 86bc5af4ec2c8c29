import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type OfflineRun, type RunOfflineOptions, type Script, startScriptedModel } from "../../src/index.ts";

/** Runs of a real CLI below a folder of the test file's own, which goes with it. */
export function realRuns(runCli: (options: RunOfflineOptions) => Promise<OfflineRun>) {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "offline-agents-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const placesOf = (name: string) => ({ home: join(folder, name, "home"), cwd: join(folder, name, "cwd") });

  async function run(script: Script, prompt: string, name: string, args: readonly string[] = []) {
    await using model = await startScriptedModel({ script });
    const places = placesOf(name);
    const ended = await runCli({ baseUrl: model.url, prompt, args, ...places });
    return { ended, events: eventsOf(ended), requests: [...model.requests], ...places };
  }
  return { run, placesOf };
}

/** The events of a run, as they came. */
export function eventsOf(run: OfflineRun) {
  const lines = run.stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line));
}
