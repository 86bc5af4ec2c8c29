import { opencodeBinary } from "./opencode-binary.ts";
import { offlineOpenCodeEnvironment } from "./opencode-environment.ts";
import { type OfflineRun, type RunOfflineOptions, runCli } from "./run-cli.ts";

/** What `runOfflineOpenCode` needs. */
export interface RunOfflineOpenCodeOptions extends RunOfflineOptions {
  /** `provider/model`. Default `anthropic/claude-sonnet-4-5`. */
  readonly model?: string;
}

/** Runs OpenCode once with the arguments of an adapter. Rejects only if it cannot be started. */
export async function runOfflineOpenCode(options: RunOfflineOpenCodeOptions): Promise<OfflineRun> {
  const { baseUrl, model = "anthropic/claude-sonnet-4-5" } = options;
  const args = ["run", "--format", "json", "--model", model];
  return runCli({ binary: opencodeBinary(), args, env: offlineOpenCodeEnvironment({ baseUrl }) }, options);
}
