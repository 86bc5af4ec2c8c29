// Records what the real OpenCode prints in every situation: run it after an update of the CLI.
//   node --conditions=@paperclip-k8s/source scripts/record-opencode-fixtures.ts [name …]
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { offlineOpenCodeConfig, runOfflineOpenCode } from "@paperclip-k8s/offline-agents";
import { openCodeStatusPlugin } from "../src/index.ts";
import { situations } from "./opencode-situations.ts";
import { recordSituations } from "./record-situations.ts";
import { createOpenCodeSanitizer } from "./sanitize-opencode.ts";

const usual = ["--thinking", "--title", "Recording", "--print-logs", "--log-level", "WARN"];
const folder = await mkdtemp(join(tmpdir(), "record-plugin-"));
const plugin = join(folder, "status.js");
await writeFile(plugin, openCodeStatusPlugin);

await recordSituations({
  situations,
  target: new URL("../test/opencode/fixtures/", import.meta.url),
  wanted: process.argv.slice(2),
  run: ({ model }, options) => {
    const config = {
      ...offlineOpenCodeConfig({ baseUrl: options.baseUrl }),
      plugin: [pathToFileURL(plugin).href],
    };
    return runOfflineOpenCode({
      ...options,
      ...(model === undefined ? {} : { model }),
      args: [...usual, ...(options.args ?? [])],
      env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config), ...options.env },
    });
  },
  sessionId: /"sessionID":"([^"]+)"/,
  resumeOption: "--session",
  sanitizer: createOpenCodeSanitizer,
});
await rm(folder, { recursive: true, force: true });
