// Records what the real Claude Code prints in every situation: run it after an update of the CLI.
//   node --conditions=@paperclip-k8s/source scripts/record-claude-fixtures.ts [name …]
import { runOfflineClaude } from "@paperclip-k8s/offline-agents";
import { situations } from "./claude-situations.ts";
import { recordSituations } from "./record-situations.ts";
import { createSanitizer } from "./sanitize-claude.ts";

await recordSituations({
  situations,
  target: new URL("../test/claude/fixtures/", import.meta.url),
  wanted: process.argv.slice(2),
  run: ({ maxRetries }, options) =>
    runOfflineClaude({ ...options, ...(maxRetries === undefined ? {} : { maxRetries }) }),
  sessionId: /"session_id":"([^"]+)"/,
  resumeOption: "--resume",
  sanitizer: createSanitizer,
});
