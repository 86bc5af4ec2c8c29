import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentVerdict } from "@paperclip-k8s/adapter-core";
import { claudeBinary, offlineClaudeEnvironment } from "@paperclip-k8s/offline-agents";
import { type ClaudeRun, commandLine, filesOf } from "../../src/command-line.ts";
import { verdict } from "../../src/errors.ts";
import { createReducer } from "../../src/reducer.ts";
import { claudeRun } from "./claude-run.ts";

/** What one run of the real CLI needs. */
export interface RealRun {
  readonly folder: string;
  readonly baseUrl: string;
  readonly prompt: string;
  readonly config?: Record<string, unknown>;
  readonly run?: Partial<ClaudeRun>;
}

/** Runs the real CLI with the adapter's own command line and files, and reads its end as the adapter does. */
export async function runRealClaude({ folder, baseUrl, prompt, config = {}, run: more = {} }: RealRun) {
  const files = join(folder, "files");
  await mkdir(files, { recursive: true });
  const run = claudeRun(config, { filePath: (name) => join(files, name), workingDirectory: folder, ...more });
  for (const [name, text] of Object.entries(filesOf(run))) await writeFile(join(files, name), text);
  const environment = {
    ...offlineClaudeEnvironment({ baseUrl, maxRetries: 0 }),
    HOME: folder,
    PATH: process.env["PATH"] ?? "",
  };
  const { stdout, stderr, exitCode } = await execute(
    commandLine(run).slice(1),
    { ...environment, IS_SANDBOX: "1" },
    folder,
    prompt,
  );
  const reducer = createReducer({ resumed: run.sessionId !== null, resumedCostUsd: null });
  for (const line of stdout.split("\n").filter(Boolean)) reducer.push(line);
  const result = reducer.result();
  const end: AgentVerdict = verdict({ run, result, exitCode, signal: null, environment, stderrTail: stderr });
  return { result, end, stdout };
}

function execute(args: readonly string[], env: Record<string, string>, cwd: string, stdin: string) {
  return new Promise<{ stdout: string; stderr: string; exitCode: number }>((resolve) => {
    const options = { env, cwd, timeout: 60_000, maxBuffer: 1 << 26 };
    const child = execFile(claudeBinary(), args, options, (error, stdout, stderr) => {
      resolve({ stdout, stderr, exitCode: typeof error?.code === "number" ? error.code : error ? -1 : 0 });
    });
    child.stdin?.on("error", () => undefined).end(stdin);
  });
}
