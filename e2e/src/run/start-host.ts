import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils/types";
import { workspaceNode } from "../processes/workspace-node.ts";
import type { adapters } from "./agents.ts";
import type { RunAgentOptions } from "./run-agent.ts";

/** What a host process is asked to do. */
export interface HostRequest
  extends Pick<RunAgentOptions, "config" | "prompt" | "agentId" | "companyId" | "runId" | "context"> {
  readonly agent: keyof typeof adapters;
  readonly cancelAfterMs?: number;
}

/** One host process with one run. */
export interface HostProcess extends AsyncDisposable {
  /** All of the run's stdout that the host has got so far. */
  stdout(): string;
  readonly messages: readonly string[];
  /** Resolves once `test` holds for the stdout; rejects when the process ends before. */
  until(test: (stdout: string) => boolean): Promise<void>;
  /** The run's result; rejects when the process ends without one. */
  readonly result: Promise<AdapterExecutionResult>;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Lets the process stand still, and go on. */
  pause(): void;
  resume(): void;
}

const PROGRAM = fileURLToPath(new URL("host-process.ts", import.meta.url));

/** Starts a host of its own process. */
export function startHost(request: HostRequest): HostProcess {
  const args = ["--conditions=@paperclip-k8s/source", PROGRAM, JSON.stringify(request)];
  // What it would remove at its end, were it not killed.
  const folder = mkdtempSync(join(tmpdir(), "paperclip-k8s-host-"));
  const env = { ...process.env, TMPDIR: folder };
  const child = spawn(workspaceNode(), args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const result = Promise.withResolvers<AdapterExecutionResult>();
  result.promise.catch(() => {});
  const waiting = new Set<() => void>();
  const messages: string[] = [];
  let stdout = "";
  let ended = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const told = JSON.parse(line);
    if (told.stream === "stdout") stdout += told.chunk;
    if (told.message !== undefined) messages.push(told.message);
    if (told.result !== undefined) result.resolve(told.result);
    for (const look of [...waiting]) look();
  });
  void exited.then(() => {
    ended = true;
    result.reject(new Error("the host process ended without a result"));
    for (const look of [...waiting]) look();
  });

  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await exited;
  }

  return {
    stdout: () => stdout,
    messages,
    result: result.promise,
    kill,
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    until: (test) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!test(stdout) && !ended) return;
          waiting.delete(look);
          if (test(stdout)) resolve();
          else reject(new Error(`the host process ended; its run had printed: ${stdout.slice(-500)}`));
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
