import { spawn } from "node:child_process";
import { once } from "node:events";
import type { RunOptions } from "./run.ts";
import { until } from "./until.ts";

const program = new URL("other-host.ts", import.meta.url).pathname;

/** What tests vary about a run that its host leaves. */
export type OrphanOptions = Omit<RunOptions, "adapter"> & {
  /** What the agent writes before its host is killed. */
  readonly word: string;
  /** The module whose `createServerAdapter` makes the adapter. Default: the shell agent's. */
  readonly adapterModule?: string;
  /** How long the word may take. */
  readonly withinMs?: number;
};

/** Starts a run in a host of its own, and kills that host as soon as the run has written `word`. */
export async function leaveOrphan(options: OrphanOptions): Promise<void> {
  const { stage, word, withinMs = 20_000, ...run } = options;
  const told = JSON.stringify({ ...run, config: { ...stage.config, ...run.config } });
  const host = spawn(process.execPath, ["--conditions=@paperclip-k8s/source", program, told], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  host.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const closed = once(host, "close");
  await until(`"${word}" from the first host`, () => said.includes(word), withinMs).finally(() =>
    host.kill("SIGKILL"),
  );
  await closed;
}
