// The parts of a cluster whose folder lists them: to be stopped for a while, or killed and started again.
import { spawn } from "node:child_process";
import { openSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../wait-for.ts";
import { clusterClients } from "./clients.ts";
import type { PresentCluster } from "./cluster.ts";

/** A part that stands still until it is disposed of. */
export interface PausedPart extends AsyncDisposable {
  /** Lets it go on; a second call does nothing. */
  resume(): void;
}

/** Whether the cluster says which processes it is made of: otherwise nobody here may stop them. */
export function hasParts(cluster: PresentCluster): boolean {
  return cluster.home !== undefined;
}

/** Whether a part runs, such as `kubelet-2` of a second node. */
export function hasPart(cluster: PresentCluster, name: string): boolean {
  return hasParts(cluster) && partsOf(cluster).has(name);
}

/**
 * Stops a part with SIGSTOP, as an outage with half-open connections. Disposing lets it go on, and waits until the API
 * answers.
 */
export function pausePart(cluster: PresentCluster, name: string): PausedPart {
  const pid = pidOf(cluster, name);
  process.kill(pid, "SIGSTOP");
  let paused = true;
  const resume = (): void => {
    if (paused) process.kill(pid, "SIGCONT");
    paused = false;
  };
  // Whatever ends this process must not leave the cluster dead.
  process.once("exit", resume);
  return {
    resume,
    async [Symbol.asyncDispose]() {
      resume();
      process.removeListener("exit", resume);
      await answers(cluster);
    },
  };
}

/** Kills a part, so that connections are refused, and starts it again as it was after `ms`. Waits until it answers. */
export async function restartPart(cluster: PresentCluster, name: string, ms: number): Promise<void> {
  const pid = pidOf(cluster, name);
  const [command = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  const cwd = readlinkSync(`/proc/${pid}/cwd`);
  process.kill(pid, "SIGKILL");
  await new Promise((resolve) => setTimeout(resolve, ms));
  const log = openSync(join(cluster.home ?? "", "logs", `${name}.log`), "a");
  const child = spawn(command, args, { cwd, detached: true, stdio: ["ignore", log, log] });
  child.unref();
  const parts = partsOf(cluster).set(name, child.pid ?? 0);
  const lines = [...parts].map(([part, partPid]) => `${partPid} ${part}\n`);
  writeFileSync(join(cluster.home ?? "", "pids"), lines.join(""));
  await answers(cluster);
}

function partsOf(cluster: PresentCluster): Map<string, number> {
  const lines = readFileSync(join(cluster.home ?? "", "pids"), "utf8")
    .trim()
    .split("\n");
  return new Map(
    lines.map((line) => {
      const [pid = "", name = ""] = line.split(" ");
      return [name, Number(pid)];
    }),
  );
}

function pidOf(cluster: PresentCluster, name: string): number {
  const pid = partsOf(cluster).get(name);
  // A number that is another process's by now must not be stopped.
  const part = name.replace(/-\d+$/, "");
  if (pid === undefined || !readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(part)) {
    throw new Error(`the cluster has no running ${name}`);
  }
  return pid;
}

async function answers(cluster: PresentCluster): Promise<void> {
  const { version } = clusterClients(cluster.kubeconfig);
  const ask = () =>
    version.getCode().then(
      () => true,
      () => false,
    );
  await waitFor(ask, { what: "the API server to answer", withinMs: 120_000 });
}
