import { agentRun } from "../../../adapter-core/test/support/adapters/agent-run.ts";
import type { ClaudeRun } from "../../src/command-line.ts";
import { claude } from "../../src/definition.ts";

/** A run with a config as the form sends it. */
export function claudeRun(raw: Record<string, unknown> = {}, more: Partial<ClaudeRun> = {}): ClaudeRun {
  return agentRun(claude, raw, more);
}
