import { spawn } from "node:child_process";
import { once } from "node:events";
import type { RunOptions } from "./run.ts";
import { until } from "./until.ts";

const program = new URL("other-host.ts", import.meta.url).pathname;

/** Starts a run in a host of its own, and kills that host as soon as the run has written `word`. */
export async function leaveOrphan({ stage, word, ...options }: RunOptions & { word: string }): Promise<void> {
  const told = JSON.stringify({ ...options, config: { ...stage.config, ...options.config } });
  const host = spawn(process.execPath, ["--conditions=@paperclip-k8s/source", program, told], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  host.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const closed = once(host, "close");
  await until(`"${word}" from the first host`, () => said.includes(word), 20_000);
  host.kill("SIGKILL");
  await closed;
}
