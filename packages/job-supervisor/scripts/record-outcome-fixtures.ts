/**
 * Records what a real cluster says of Jobs that end in the ways that `diagnose` tells apart, as fixtures for
 * test/outcome. Uses the current kubeconfig, two namespaces of its own (removed at the end), and the image in
 * FIXTURE_IMAGE, which needs a shell.
 *
 *     FIXTURE_IMAGE=busybox:1 node --conditions=@paperclip-k8s/source scripts/record-outcome-fixtures.ts
 */
import { mkdir, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { type CoreV1Event, KubeConfig, type V1Job, type V1Pod } from "@kubernetes/client-node";
import { createKubeApi, createKubeTransport, isKubeApiError, type KubeTransport } from "../src/index.ts";
import { type Case, cases } from "./outcome-cases.ts";

const FIXTURES = new URL("../test/outcome/fixtures/", import.meta.url);
const EVERY_MS = 150;
const GIVE_UP_MS = 60_000;

/** What was seen last. A Job that goes keeps its last state. */
interface Seen {
  job: V1Job | null;
  jobRemoved: boolean;
  pods: readonly V1Pod[];
  podsRemoved: boolean;
  events: readonly CoreV1Event[];
}

async function main(): Promise<void> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  const transport = createKubeTransport({ kubeConfig, userAgent: "paperclip-k8s-fixtures" });
  const image = process.env["FIXTURE_IMAGE"] ?? "busybox:1";
  const only = process.argv[2];
  await mkdir(FIXTURES, { recursive: true });
  for (const one of cases(image)) {
    if (only !== undefined && one.name !== only) continue;
    const namespace = `js-${one.name}`;
    try {
      const seen = await record(transport, namespace, one);
      const text = `${JSON.stringify(sanitize(seen), null, 2)}\n`;
      await writeFile(new URL(`${one.name}.json`, FIXTURES), text);
      console.log(`${one.name}: recorded`);
    } finally {
      await transport.json({ method: "DELETE", path: `/api/v1/namespaces/${namespace}` }).catch(() => {});
    }
  }
}

async function record(transport: KubeTransport, namespace: string, one: Case): Promise<Seen> {
  const core = `/api/v1/namespaces/${namespace}`;
  const labels = one.namespaceLabels ?? {};
  await transport.json({
    method: "POST",
    path: "/api/v1/namespaces",
    body: { metadata: { name: namespace, labels } },
  });
  await waitForServiceAccount(transport, core);
  if (one.quota)
    await transport.json({
      method: "POST",
      path: `${core}/resourcequotas`,
      body: { metadata: { name: "none" }, spec: { hard: one.quota } },
    });
  const api = createKubeApi({ transport, namespace });
  await api.createJob(one.job);
  const seen: Seen = { job: null, jobRemoved: false, pods: [], podsRemoved: false, events: [] };
  const giveUpAt = Date.now() + GIVE_UP_MS;
  let acted = false;
  for (;;) {
    await look(api, one, seen);
    if (!acted && one.act && one.actWhen?.(seen)) {
      acted = true;
      await one.act({ api, transport, core, pods: seen.pods });
    }
    if (one.until(seen)) break;
    if (Date.now() > giveUpAt)
      throw new Error(`${one.name}: not reached; last: ${JSON.stringify(seen.pods[0]?.status)}`);
    await delay(EVERY_MS);
  }
  await readEvents(api, seen);
  return seen;
}

async function look(api: ReturnType<typeof createKubeApi>, one: Case, seen: Seen): Promise<void> {
  try {
    seen.job = await api.readJob(one.job.metadata?.name ?? "");
  } catch (error) {
    if (!isKubeApiError(error, "not_found")) throw error;
    seen.jobRemoved = true;
  }
  const pods = await api.listPods(`job-name=${one.job.metadata?.name}`);
  if (pods.length > 0) seen.pods = pods;
  else if (seen.pods.length > 0) seen.podsRemoved = true;
  if (one.needsEvents) await readEvents(api, seen);
}

async function readEvents(api: ReturnType<typeof createKubeApi>, seen: Seen): Promise<void> {
  const uids = [seen.job?.metadata?.uid, ...seen.pods.map((pod) => pod.metadata?.uid)];
  const lists = await Promise.all(uids.map((uid) => api.listEvents(uid ?? "")));
  seen.events = lists.flat();
}

/** A pod cannot be made before its namespace has a service account. */
async function waitForServiceAccount(transport: KubeTransport, core: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await transport.json({ method: "GET", path: `${core}/serviceaccounts/default` });
      return;
    } catch {
      await delay(100);
    }
  }
  throw new Error(`${core} has no service account`);
}

/** Drops what is of one machine or one moment only: addresses, image and container ids, bookkeeping. */
function sanitize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sanitize);
  if (typeof value === "string") return withoutAddresses(value);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !DROPPED.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, sanitize(inner)]));
}

/** Whose registry and whose name server it was does not matter. */
function withoutAddresses(text: string): string {
  return text
    .replaceAll(/\b[a-z0-9.-]+\.io\/(?=lab\/|v2\/)/g, "registry.example/")
    .replaceAll(/\blookup \S+ on \S+:53\b/g, "lookup registry.example on 192.0.2.53:53");
}

const DROPPED: ReadonlySet<string> = new Set([
  "managedFields",
  "hostIP",
  "hostIPs",
  "podIP",
  "podIPs",
  "imageID",
  "allocatedResources",
  "volumes",
  "volumeMounts",
  "tolerations",
  "user",
]);

await main();
