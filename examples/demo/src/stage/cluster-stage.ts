// The cluster of the current kubeconfig.
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { DemoError } from "../demo-error.ts";
import type { DemoOptions } from "../options.ts";
import { openModel } from "./model.ts";
import { reachCluster } from "./reach-cluster.ts";
import type { Stage } from "./stage.ts";

/** Names everything of this demo on the volume, and the label that its Jobs carry. */
const instanceOf = (agentId: string) => `demo-${agentId.slice(0, 8)}`;

/** Opens a stage on a real cluster. Throws DemoError `no_cluster`, `usage`, `no_key` or `no_model`. */
export async function openClusterStage(given: {
  readonly options: DemoOptions;
  readonly environment: NodeJS.ProcessEnv;
  readonly agentId: string;
}): Promise<Stage> {
  const { options, environment, agentId } = given;
  const kubeConfig = new KubeConfig();
  const server = await reachCluster(kubeConfig);
  const place = requiredOptions(options);
  const { namespace, image, claim, volume } = place;
  const { live, modelHost = "127.0.0.1" } = options;
  const model = await openModel({ live, environment, host: modelHost });
  const instance = instanceOf(agentId);
  const folder = join(volume, "instances", instance);
  return {
    config: {
      ...{ namespace, image, volumeClaim: claim, volumeHostPath: volume, instance },
      // A home below the instance, so that the volume's own stays as it is.
      home: "agent",
      ...model.config,
    },
    description: { ...place, cluster: "cluster", server, model: live ? "live" : "scripted" },
    requests: null,
    ...{ kubeConfig, namespace, labelSelector: `paperclip.io/agent-id=${agentId}`, hostPod: null },
    ...{ runFolder: folder, settledWithinMs: 30_000 },
    tidy: async () => {
      await rm(folder, { recursive: true, force: true });
      // Only if nothing else is in it.
      await rmdir(join(volume, "instances")).catch(() => {});
    },
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

/** Each option that a cluster needs, with what it is for. */
const needs = {
  namespace: "--namespace NAME: the namespace in which the Jobs are to run",
  image: "--image IMAGE: an image with claude and a POSIX shell that the cluster can pull",
  claim: "--claim NAME: a ReadWriteMany claim in that namespace",
  volume: "--volume PATH: the folder at which this machine sees the claim's volume",
} as const;

const needsModelHost =
  "--model-host ADDR: this machine's address that pods reach, where the scripted model listens (or --live)";

type Place = Readonly<Record<keyof typeof needs, string>>;

function requiredOptions(options: DemoOptions): Place {
  const { namespace, image, claim, volume, live, modelHost } = options;
  const place = { namespace, image, claim, volume };
  const missing: string[] = Object.entries(needs).flatMap(([name, what]) =>
    place[name as keyof Place] ? [] : [what],
  );
  if (!live && modelHost === undefined) missing.push(needsModelHost);
  if (missing.length === 0) return place as Place;
  const sentences = missing.map((what) => `--cluster needs ${what}.`);
  throw new DemoError("usage", sentences.join("\n"));
}
