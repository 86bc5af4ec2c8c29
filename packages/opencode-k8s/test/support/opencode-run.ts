import { agentRun } from "../../../adapter-core/test/support/adapters/agent-run.ts";
import type { OpenCodeRun } from "../../src/command-line.ts";
import { opencode } from "../../src/definition.ts";

/** A run with a config as the form sends it. */
export function openCodeRun(raw: Record<string, unknown> = {}, more: Partial<OpenCodeRun> = {}): OpenCodeRun {
  return agentRun(opencode, raw, more);
}
