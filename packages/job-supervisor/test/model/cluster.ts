// The cluster of a schedule: the requests that hosts send, the Job controller, the collector and the kubelet.
import { readRun } from "@paperclip-k8s/job-manifest";
import type { KubeRequest } from "../../src/index.ts";
import { type ApiServer, createApiServer, type Patch, type Thing } from "./api-server.ts";
import { createKubelet } from "./kubelet.ts";
import type { Ledger } from "./ledger.ts";
import type { Dice } from "./random.ts";
import type { Sim } from "./sim.ts";
import type { Volume } from "./volume.ts";

export interface Cluster {
  readonly api: ApiServer;
  /** Does what a request asks for; throws as the API server refuses. */
  handle(request: KubeRequest, by: string): unknown;
  /** Somebody who is no host deletes a Job. */
  deleteFromOutside(jobUid: string): void;
}

export interface ClusterOptions {
  readonly sim: Sim;
  readonly dice: Dice;
  readonly ledger: Ledger;
  readonly volume: Volume;
  /** Finished Jobs are removed by the cluster after this, in ms; null: never. */
  readonly ttlMs: number | null;
  readonly orphanMaxAgeMs: number;
}

export const LABEL_DOMAIN = "example.com";

export function createCluster(options: ClusterOptions): Cluster {
  const { sim, dice, ledger } = options;
  const api = createApiServer(sim);
  /** Lists of the last moments, for whoever asks for a stale one. */
  const lists: { readonly at: number; readonly jobs: readonly Thing[] }[] = [];
  const kubelet = createKubelet({ ...options, api, onPodGone: (owner) => finishDeletion(owner) });

  api.onChange(({ resource, type, object }) => {
    if (resource === "jobs") lists.push({ at: sim.now(), jobs: api.list("jobs") });
    if (resource === "jobs" && type !== "DELETED") reconcile(object);
    if (resource === "jobs" && type === "DELETED") collect(object.metadata.uid);
  });

  /** The Job controller: one pod for a Job that is not suspended, a condition when it has ended. */
  function reconcile(job: Thing): void {
    if (job.spec?.suspend || job.metadata.deletionTimestamp || conditionOf(job)) return;
    sim.schedule(() => {
      const now = api.byUid("jobs", job.metadata.uid);
      if (!now || now.spec?.suspend || now.metadata.deletionTimestamp || conditionOf(now)) return;
      if (podOf(now.metadata.uid) || kubelet.hadPod(now.metadata.uid)) return;
      api.create("events", {
        metadata: { name: `made-${now.metadata.uid}` },
        reason: "SuccessfulCreate",
        status: { about: now.metadata.uid, reason: "SuccessfulCreate" },
      });
      kubelet.create(now, (status) => finish(now.metadata.uid, status));
    }, dice.delay(1500));
  }

  const podOf = (jobUid: string) =>
    api.list("pods").find((pod) => pod.metadata.ownerReferences?.[0]?.uid === jobUid);

  /** The condition comes after the pod's own end. */
  function finish(jobUid: string, status: number): void {
    sim.schedule(() => {
      const job = api.byUid("jobs", jobUid);
      if (!job || conditionOf(job)) return;
      const at = new Date(sim.now()).toISOString();
      const type = status === 0 ? "Complete" : "Failed";
      const conditions = [{ type, status: "True", lastTransitionTime: at }];
      api.update("jobs", job.metadata.name, (one) => ({ status: { ...one.status, conditions } }));
      if (options.ttlMs !== null) sim.schedule(() => expire(jobUid), options.ttlMs);
    }, dice.delay(3000));
  }

  function expire(jobUid: string): void {
    ledger.forgotten(jobUid);
    removeJob(jobUid, "Background");
  }

  function removeJob(jobUid: string, propagation: string): void {
    const job = api.byUid("jobs", jobUid);
    if (!job) return;
    if (propagation !== "Foreground") {
      api.remove("jobs", job.metadata.name);
      return;
    }
    if (!job.metadata.deletionTimestamp) {
      const deletionTimestamp = new Date(sim.now()).toISOString();
      api.update("jobs", job.metadata.name, (one) => ({ metadata: { ...one.metadata, deletionTimestamp } }));
    }
    sim.schedule(() => {
      const pod = podOf(jobUid);
      if (pod) kubelet.terminate(pod);
      else finishDeletion(jobUid);
    }, dice.delay(300));
  }

  /** A Job that is deleted in the foreground goes after its pods. */
  function finishDeletion(jobUid: string): void {
    const job = api.byUid("jobs", jobUid);
    if (job?.metadata.deletionTimestamp && !podOf(jobUid)) api.remove("jobs", job.metadata.name);
  }

  /** What is owned by a Job that has gone goes too, a moment later. */
  function collect(jobUid: string): void {
    sim.schedule(() => {
      const pod = podOf(jobUid);
      if (pod) kubelet.terminate(pod);
      for (const secret of api.list("secrets"))
        if (secret.metadata.ownerReferences?.[0]?.uid === jobUid) api.remove("secrets", secret.metadata.name);
    }, dice.delay(2000));
  }

  function deleteJob(name: string, request: KubeRequest, by: string): object {
    const job = api.get("jobs", name);
    if (!job) throw api.refuse("not_found", 404, `jobs "${name}" not found`);
    const { preconditions = {}, propagationPolicy = "Background" } = request.body as {
      preconditions?: { uid?: string; resourceVersion?: string };
      propagationPolicy?: string;
    };
    const { uid, resourceVersion } = job.metadata;
    if (preconditions.uid !== undefined && preconditions.uid !== uid)
      throw api.refuse("conflict", 409, "the UID in the precondition does not match");
    if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion)
      throw api.refuse("conflict", 409, "the resourceVersion in the precondition does not match");
    const age = sim.now() - Date.parse(job.metadata.creationTimestamp);
    if (age >= options.orphanMaxAgeMs) ledger.entitle(uid, "its age");
    ledger.deletion(uid, by);
    removeJob(uid, propagationPolicy);
    return {};
  }

  function listJobs(request: KubeRequest): readonly Thing[] {
    const now = sim.now();
    const stale = lists.findLast(({ at }) => at <= now - 2000)?.jobs ?? [];
    return request.query?.["resourceVersion"] === "0" ? stale : api.list("jobs");
  }

  /** The one JSON patch that the supervisor sends: tests of UID and host, and the resume. */
  function patchIf(name: string, operations: readonly { op: string; path: string; value: unknown }[]): Thing {
    const job = api.get("jobs", name);
    if (!job) throw api.refuse("not_found", 404, `jobs "${name}" not found`);
    const found = (path: string) =>
      path === "/metadata/uid" ? job.metadata.uid : job.metadata.annotations?.["example.com/host"];
    if (operations.some(({ op, path, value }) => op === "test" && found(path) !== value))
      throw api.refuse("invalid", 422, "the server rejected our request due to an error in our request");
    return api.patch("jobs", name, { spec: { suspend: false } });
  }

  function handle(request: KubeRequest, by: string): unknown {
    const { method, path, query } = request;
    const [, resource = "", name = ""] = /namespaces\/[^/]+\/([^/]+)(?:\/([^/]+))?/.exec(path) ?? [];
    const kind = resource as "jobs" | "pods" | "secrets" | "events";
    if (method === "POST") return api.create(kind, request.body as object);
    if (method === "PATCH" && Array.isArray(request.body)) return patchIf(name, request.body);
    if (method === "PATCH") return api.patch(kind, name, request.body as Patch);
    if (method === "DELETE" && kind === "jobs") return deleteJob(name, request, by);
    if (method === "DELETE") {
      if (!api.get(kind, name)) throw api.refuse("not_found", 404, `${kind} "${name}" not found`);
      api.remove(kind, name);
      return {};
    }
    if (name !== "") {
      const found = api.get(kind, name);
      if (!found) throw api.refuse("not_found", 404, `${kind} "${name}" not found`);
      return found;
    }
    if (kind === "events") {
      const about = String(query?.["fieldSelector"] ?? "").split("=")[1];
      return {
        items: api
          .list("events")
          .map(({ status }) => status)
          .filter((one) => one?.["about"] === about),
        metadata: {},
      };
    }
    const selector = String(query?.["labelSelector"] ?? "");
    const items = (kind === "jobs" ? listJobs(request) : api.list(kind)).filter(matching(selector));
    return { items, metadata: { resourceVersion: String(api.version()) } };
  }

  return {
    api,
    handle,
    deleteFromOutside: (uid) => {
      ledger.entitle(uid, "somebody from outside");
      ledger.forgotten(uid);
      ledger.deletion(uid, "somebody");
      removeJob(uid, dice.pick(["Foreground", "Background"]));
    },
  };
}

function matching(selector: string): (thing: Thing) => boolean {
  const wanted = selector.split(",").map((pair) => pair.split("="));
  return ({ metadata }) =>
    wanted.every(([key = "", value]) => key === "" || metadata.labels?.[key] === value);
}

export function conditionOf(job: Thing): string | undefined {
  const conditions = job.status?.["conditions"] as { type: string }[] | undefined;
  return conditions?.[0]?.type;
}

/** Company and agent, and the run, of a Job. */
export function runOf(job: Thing) {
  const run = readRun(job as never, LABEL_DOMAIN);
  if (!run) throw new TypeError("every Job of a schedule is a run's");
  return run;
}
