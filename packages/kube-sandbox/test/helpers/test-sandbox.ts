import { KubeConfig } from "@kubernetes/client-node";
import { onTestFinished } from "vitest";
import { type KubeSandbox, type KubeSandboxOptions, startKubeSandbox } from "../../src/index.ts";
import { type ContractCluster, sandboxCluster, type WatchLine } from "../contract/cluster.ts";
import { type JobChoices, scriptPod } from "../contract/manifests.ts";

/** A sandbox that closes with its test, and a client for it. */
export interface TestSandbox extends ContractCluster {
  readonly sandbox: KubeSandbox;
  /** Creates a pod that runs a script; the rest is up to the choices. */
  pod(name: string, choices?: JobChoices): Promise<void>;
  /** Waits for a pod to be as wanted. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads is any JSON
  podUntil(name: string, wanted: (pod: any, type: string) => boolean): Promise<any>;
  logOf(name: string): Promise<string>;
}

/** Starts one, with the namespace `t`. */
export async function testSandbox(options: KubeSandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await startKubeSandbox({ namespaces: ["t"], ...options });
  onTestFinished(() => sandbox.close());
  const config = new KubeConfig();
  config.loadFromString(sandbox.kubeconfig);
  const cluster = sandboxCluster(config, "t", "busybox");
  const pods = "/api/v1/namespaces/t/pods";
  return {
    ...cluster,
    sandbox,
    async pod(name, choices = {}) {
      const { status, text } = await cluster.send("POST", pods, {
        metadata: { name, labels: { app: name } },
        spec: scriptPod(cluster, choices),
      });
      if (status !== 201) throw new Error(text);
    },
    async podUntil(name, wanted) {
      const path = `${pods}?watch=1&resourceVersion=0&fieldSelector=metadata.name%3D${name}`;
      const enough = (lines: readonly WatchLine[]) => wanted(lines.at(-1)!.object, lines.at(-1)!.type);
      return (await cluster.watch(path, enough, 20_000)).at(-1)!.object;
    },
    logOf: async (name) => (await cluster.send("GET", `${pods}/${name}/log`)).text,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: what a test reads is any JSON
export const isOver = (pod: any): boolean =>
  pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
// biome-ignore lint/suspicious/noExplicitAny: what a test reads is any JSON
export const isRunning = (pod: any): boolean => pod.status.phase === "Running";
