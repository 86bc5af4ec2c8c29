import assert from "node:assert/strict";
import type { ContractCluster, WatchLine } from "./cluster.ts";
import { type JobChoices, paths, scriptPod } from "./manifests.ts";
import { type Json, last } from "./watching.ts";

export async function runPod(
  cluster: ContractCluster,
  name: string,
  choices: JobChoices,
  enough: (pod: Json) => boolean,
): Promise<Json> {
  const { pods } = paths(cluster);
  const metadata = { name, labels: { app: name }, annotations: { note: "n" } };
  const made = await cluster.send("POST", pods, { metadata, spec: scriptPod(cluster, choices) });
  assert.equal(made.status, 201, made.text);
  return last(await watchPod(cluster, name, (lines) => enough(last(lines) ?? { status: {} })));
}

export function watchPod(
  cluster: ContractCluster,
  name: string,
  enough: (lines: readonly WatchLine[]) => boolean,
) {
  return cluster.watch(
    `${paths(cluster).pods}?watch=1&resourceVersion=0&fieldSelector=metadata.name%3D${name}`,
    enough,
  );
}

export const isOver = (pod: Json): boolean =>
  pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
export const waiting = (pod: Json): Json => pod.status.containerStatuses?.[0]?.state.waiting;

export async function logOf(cluster: ContractCluster, name: string, query = ""): Promise<string> {
  return (await cluster.send("GET", `${paths(cluster).pods}/${name}/log${query}`)).text;
}

export async function eventsOf(cluster: ContractCluster, name: string): Promise<Json[]> {
  const selector = encodeURIComponent(`involvedObject.name=${name},involvedObject.kind=Pod`);
  return (await cluster.send("GET", `${paths(cluster).events}?fieldSelector=${selector}`)).json.items;
}
