import type { ContractCluster } from "./cluster.ts";

/** Changes to a plain Job that runs a shell script once. */
export interface JobChoices {
  readonly script?: string;
  readonly suspend?: boolean;
  readonly spec?: object;
  readonly pod?: object;
  readonly container?: object;
}

/** A pod spec that runs a script. */
export function scriptPod(cluster: ContractCluster, choices: JobChoices): object {
  return {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 2,
    automountServiceAccountToken: false,
    containers: [
      {
        name: "agent",
        image: cluster.image,
        command: ["sh", "-c", choices.script ?? "exit 0"],
        ...choices.container,
      },
    ],
    ...choices.pod,
  };
}

/** A Job that runs a script once. */
export function scriptJob(cluster: ContractCluster, name: string, choices: JobChoices = {}): object {
  return {
    metadata: { name, labels: { contract: name } },
    spec: {
      suspend: choices.suspend ?? false,
      backoffLimit: 0,
      podReplacementPolicy: "Failed",
      template: { metadata: { labels: { contract: name } }, spec: scriptPod(cluster, choices) },
      ...choices.spec,
    },
  };
}

/** Paths of the API below a namespace. */
export function paths({ namespace }: ContractCluster) {
  const core = `/api/v1/namespaces/${namespace}`;
  return {
    secrets: `${core}/secrets`,
    configmaps: `${core}/configmaps`,
    pods: `${core}/pods`,
    claims: `${core}/persistentvolumeclaims`,
    events: `${core}/events`,
    jobs: `/apis/batch/v1/namespaces/${namespace}/jobs`,
  };
}

/** Waits until a pod's program has written `up`: only then are its traps set. */
export async function untilUp(cluster: ContractCluster, pod: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { text } = await cluster.send("GET", `${paths(cluster).pods}/${pod}/log`);
    if (text.startsWith("up\n")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`pod ${pod} did not come up`);
}

export const mergePatch = { "content-type": "application/merge-patch+json" };
export const jsonPatch = { "content-type": "application/json-patch+json" };
export const strategicPatch = { "content-type": "application/strategic-merge-patch+json" };
