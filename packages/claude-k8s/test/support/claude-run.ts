import { parseConfig } from "@paperclip-k8s/adapter-core";
import type { ClaudeRun } from "../../src/command-line.ts";
import { claude } from "../../src/definition.ts";

/** A run with a config as the form sends it. */
export function claudeRun(raw: Record<string, unknown> = {}, more: Partial<ClaudeRun> = {}): ClaudeRun {
  const parsed = parseConfig(claude, raw);
  if (!parsed.ok) throw new Error(parsed.message);
  return {
    config: parsed.config,
    runId: "run-1",
    sessionId: null,
    instructions: null,
    filePath: (name) => `/run/paperclip/files/${name}`,
    skillsDirectory: null,
    workingDirectory: "/paperclip/work",
    ...more,
  };
}
