import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Type of the adapter below. */
export const THROWAWAY_TYPE = "e2e_throwaway";

/**
 * An external adapter that needs no cluster: it prints as many numbered lines as its config says, then ends or, with
 * `hold`, waits for its cancel, told by the context's signal or by the run's status. It prints the file `read` and
 * makes the file `write`, for its owner alone.
 */
const SOURCE = `
import { readFile, writeFile } from "node:fs/promises";

export function createServerAdapter() {
  return { type: "${THROWAWAY_TYPE}", supportsLocalAgentJwt: true, execute, testEnvironment };
}

async function testEnvironment({ config }) {
  return { adapterType: "${THROWAWAY_TYPE}", status: "pass", checks: [{ code: "lines", level: "info", message: String(config.lines) }], testedAt: new Date().toISOString() };
}

async function execute(ctx) {
  const { lines = 3, hold = false, read, write } = ctx.config;
  await ctx.onCancellationReady?.();
  await ctx.onLog("stdout", "uid " + process.getuid() + "\\n");
  await ctx.onLog("stdout", "url " + process.env.PAPERCLIP_API_URL + "\\n");
  if (write) await writeFile(write, "written by the host\\n", { mode: 0o600 });
  if (read) await ctx.onLog("stdout", "read " + (await readFile(read, "utf8")));
  for (let n = 1; n <= lines; n += 1) await ctx.onLog("stdout", "line " + n + " größer 🙂 " + "x".repeat(n % 97) + "\\n");
  const cancelled = hold && (await isCancelled(ctx));
  await ctx.onLog("stdout", "cancelled " + cancelled + "\\n");
  if (!cancelled) return { exitCode: 0, signal: null, timedOut: false, summary: "printed" };
  return {
    exitCode: null, signal: "SIGTERM", timedOut: false, errorCode: "cancelled", errorMessage: "Cancelled",
    executionRecovery: { kind: "interrupted", providerStopped: true, sessionPreserved: true, actionOutcomes: "settled" },
    resultJson: { executionCancellation: { state: "acknowledged", acknowledgedAt: new Date().toISOString(), forced: false } },
  };
}

async function isCancelled(ctx) {
  for (let n = 0; n < 300; n += 1) {
    if (ctx.signal?.aborted) return true;
    if (ctx.signal === undefined && (await statusOf(ctx)) === "cancelled") return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

async function statusOf(ctx) {
  const url = "http://127.0.0.1:" + process.env.PORT + "/api/heartbeat-runs/" + ctx.runId;
  const response = await fetch(url, { headers: { authorization: "Bearer " + ctx.authToken } });
  return (await response.json()).status;
}
`;

/** Writes the adapter as a package into a folder; returns the folder. */
export async function writeThrowawayAdapter(folder: string): Promise<string> {
  const manifest = {
    name: "paperclip-adapter-e2e-throwaway",
    version: "1.2.3",
    type: "module",
    exports: { ".": { import: "./index.js" } },
    devDependencies: { "@paperclip-k8s/unpublished": "0.0.0" },
    files: ["index.js"],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "index.js"), SOURCE);
  return folder;
}
