/**
 * Records what a real cluster says of Jobs that end in the ways that `diagnose` tells apart, as fixtures for
 * test/outcome. Uses the current kubeconfig, a namespace of its own for each case (removed at the end), and the
 * image in FIXTURE_IMAGE, which needs a shell. Some cases need the cluster on this machine (a registry and a
 * webhook on loopback), and for moments a node, a priority class and a volume of their own.
 *
 *     FIXTURE_IMAGE=busybox:1 node --conditions=@paperclip-k8s/source scripts/record-outcome-fixtures.ts [CASE …]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { type CoreV1Event, KubeConfig, type V1Job, type V1Pod } from "@kubernetes/client-node";
import {
  createKubeApi,
  createKubeTransport,
  isKubeApiError,
  KubeApiError,
  type KubeTransport,
} from "../src/index.ts";
import { clusterCases } from "./cluster-cases.ts";
import { type Case, type CaseCleanUp, type CaseContext, cases, type SeenSoFar } from "./outcome-cases.ts";

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
  refusal: SeenSoFar["refusal"];
}

async function main(): Promise<void> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  const transport = createKubeTransport({ kubeConfig, userAgent: "paperclip-k8s-fixtures" });
  const image = process.env["FIXTURE_IMAGE"] ?? "busybox:1";
  const only = new Set(process.argv.slice(2));
  await mkdir(FIXTURES, { recursive: true });
  for (const one of [...cases(image), ...clusterCases(image)]) {
    if (only.size > 0 && !only.has(one.name)) continue;
    const cleanUps: (() => Promise<unknown>)[] = [];
    try {
      const seen = await record(transport, one, cleanUps);
      const text = `${JSON.stringify(sanitize(seen), null, 2)}\n`;
      await writeFile(new URL(`${one.name}.json`, FIXTURES), text);
      console.log(`${one.name}: recorded`);
    } catch (error) {
      process.exitCode = 1;
      console.error(`${one.name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      for (const cleanUp of cleanUps.reverse()) await cleanUp().catch(() => {});
    }
  }
}

async function record(
  transport: KubeTransport,
  one: Case,
  cleanUps: (() => Promise<unknown>)[],
): Promise<Seen> {
  const namespace = `js-${one.name}`;
  const core = `/api/v1/namespaces/${namespace}`;
  cleanUps.push(() => transport.json({ method: "DELETE", path: core }));
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
  const seen: Seen = {
    job: null,
    jobRemoved: false,
    pods: [],
    podsRemoved: false,
    events: [],
    refusal: null,
  };
  const create: CaseContext["create"] = async (collection, body) => {
    const made = await transport.json<{ metadata: { name: string } }>({
      method: "POST",
      path: collection,
      body,
    });
    cleanUps.push(() => transport.json({ method: "DELETE", path: `${collection}/${made.metadata.name}` }));
  };
  const undo = await one.prepare?.({ transport, namespace, core, create });
  if (typeof undo === "function") cleanUps.push(undo as CaseCleanUp);
  await createJob(api, one, seen);
  const giveUpAt = Date.now() + (one.giveUpMs ?? GIVE_UP_MS);
  let acted = false;
  for (;;) {
    if (seen.refusal !== null) break;
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
  if (seen.refusal === null) await readEvents(api, seen);
  return seen;
}

async function createJob(api: ReturnType<typeof createKubeApi>, one: Case, seen: Seen): Promise<void> {
  // A rule that has just been made is not in force at once.
  for (let tries = 0; tries < 20; tries += 1) {
    try {
      await api.createJob(one.job);
    } catch (error) {
      if (!(error instanceof KubeApiError)) throw error;
      const { code, status, message } = error;
      seen.refusal = { code, status, message };
    }
    if (seen.refusal !== null || !one.until({ ...seen, refusal: { code: "", status: 0, message: "" } }))
      return;
    const propagation = "Background";
    await api.deleteJob(one.job.metadata?.name ?? "", { propagation, preconditions: {} });
    await delay(500);
  }
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
