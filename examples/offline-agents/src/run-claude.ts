import { claudeBinary } from "./claude-binary.ts";
import { offlineClaudeEnvironment } from "./claude-environment.ts";
import { type OfflineRun, type RunOfflineOptions, runCli } from "./run-cli.ts";

/** What `runOfflineClaude` needs. */
export interface RunOfflineClaudeOptions extends RunOfflineOptions {
  /** Tries after a failed API call. Default 1. */
  readonly maxRetries?: number;
}

/** Runs Claude Code once with the arguments of an adapter. Rejects only if it cannot be started. */
export async function runOfflineClaude(options: RunOfflineClaudeOptions): Promise<OfflineRun> {
  const { baseUrl, maxRetries = 1 } = options;
  // As root the CLI skips permissions only inside a sandbox.
  const env = { ...offlineClaudeEnvironment({ baseUrl, maxRetries }), IS_SANDBOX: "1" };
  return runCli({ binary: claudeBinary(), args: usualArguments, env }, options);
}

const usualArguments = [
  "--print",
  "--output-format",
  "stream-json",
  "--verbose",
  "--dangerously-skip-permissions",
] as const;
