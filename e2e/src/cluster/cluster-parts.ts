// The parts of a cluster whose folder lists them: to be stopped for a while, or killed and started again.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { openSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../wait-for.ts";
import { clusterClients, deleted } from "./clients.ts";
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
 * Stops a part with SIGSTOP, as an outage with half-open connections. Disposing lets it go on, and waits until the
 * cluster works.
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
      await works(cluster);
    },
  };
}

/** Kills a part, so that connections are refused, and starts it again as it was after `ms`. Waits until the cluster works. */
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
  await works(cluster);
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

/**
 * Waits until the API server answers, and controllers and scheduler have heard of what is new: a pod that wants a claim
 * which was just made is told that nobody has bound it. Until then they say that there is none.
 */
async function works(cluster: PresentCluster): Promise<void> {
  const { version, batch, core } = clusterClients(cluster.kubeconfig);
  const answers = () =>
    version.getCode().then(
      () => true,
      () => false,
    );
  await waitFor(answers, { what: "the API server to answer", withinMs: 120_000 });
  const at = { namespace: "default", name: `probe-${randomBytes(4).toString("hex")}` };
  const metadata = { name: at.name };
  await core.createNamespacedPersistentVolumeClaim({ ...at, body: { metadata, spec: UNBOUND } });
  const containers = [{ name: "probe", image: "probe", command: ["true"] }];
  const volumes = [{ name: "probe", persistentVolumeClaim: { claimName: at.name } }];
  const template = { spec: { restartPolicy: "Never", containers, volumes } };
  await batch.createNamespacedJob({ ...at, body: { metadata, spec: { template } } });
  try {
    const labelSelector = `batch.kubernetes.io/job-name=${at.name}`;
    const isKnown = async () => {
      const { items } = await core.listNamespacedPod({ ...at, labelSelector });
      const told = items.flatMap(({ status }) => status?.conditions ?? []);
      return told.some(({ message }) => message?.includes("unbound immediate PersistentVolumeClaims"));
    };
    await waitFor(isKnown, { what: "the scheduler to hear of what is new", withinMs: 180_000 });
  } finally {
    await deleted(batch.deleteNamespacedJob({ ...at, propagationPolicy: "Background" }));
    await deleted(core.deleteNamespacedPersistentVolumeClaim(at));
  }
}

/** A claim that no volume is made for. */
const UNBOUND = {
  accessModes: ["ReadWriteOnce"],
  storageClassName: "",
  resources: { requests: { storage: "1Mi" } },
};
