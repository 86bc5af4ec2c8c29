import assert from "node:assert/strict";
import type { ContractCase, ContractCluster, WatchLine } from "../cluster.ts";
import { type JobChoices, paths, scriptPod, untilUp } from "../manifests.ts";

// biome-ignore lint/suspicious/noExplicitAny: what a contract reads is any JSON
type Json = any;

const last = (lines: readonly WatchLine[]): Json => lines[lines.length - 1]?.object;

async function run(
  cluster: ContractCluster,
  name: string,
  choices: JobChoices,
  enough: (pod: Json) => boolean,
): Promise<Json> {
  const { pods } = paths(cluster);
  const metadata = { name, labels: { app: name }, annotations: { note: "n" } };
  const made = await cluster.send("POST", pods, { metadata, spec: scriptPod(cluster, choices) });
  assert.equal(made.status, 201, made.text);
  return last(await watch(cluster, name, (lines) => enough(last(lines) ?? { status: {} })));
}

function watch(cluster: ContractCluster, name: string, enough: (lines: readonly WatchLine[]) => boolean) {
  return cluster.watch(
    `${paths(cluster).pods}?watch=1&resourceVersion=0&fieldSelector=metadata.name%3D${name}`,
    enough,
  );
}

const isOver = (pod: Json): boolean => pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
const waiting = (pod: Json): Json => pod.status.containerStatuses?.[0]?.state.waiting;

async function logOf(cluster: ContractCluster, name: string, query = ""): Promise<string> {
  return (await cluster.send("GET", `${paths(cluster).pods}/${name}/log${query}`)).text;
}

async function eventsOf(cluster: ContractCluster, name: string): Promise<Json[]> {
  const selector = encodeURIComponent(`involvedObject.name=${name},involvedObject.kind=Pod`);
  return (await cluster.send("GET", `${paths(cluster).events}?fieldSelector=${selector}`)).json.items;
}

export const pods: readonly ContractCase[] = [
  {
    title: "expands $(NAME), $$ and $(UNSET) in command, args and values as the kubelet does",
    async run(cluster) {
      const container = {
        command: ["sh", "-c", 'printf "%s\\n" "$@" "$B" "$D" "pid-$$$$"', "sh"],
        args: ["$(A)", "$$x", "$$(A)", "$(UNSET)", "$(", "$(B)", "a$$$(A)", "$", "$A"],
        env: [
          { name: "A", value: "av" },
          { name: "B", value: "$(A)$(C)" },
          { name: "C", value: "c" },
          { name: "D", value: "$$(A)$$" },
        ],
      };
      await run(cluster, "expand", { container }, isOver);
      const lines = (await logOf(cluster, "expand")).trimEnd().split("\n");
      assert.deepEqual(lines.slice(0, -1), [
        "av",
        "$x",
        "$(A)",
        "$(UNSET)",
        "$(",
        "av$(C)",
        "a$av",
        "$",
        "$A",
        "av$(C)",
        "$(A)$",
      ]);
      assert.match(lines.at(-1)!, /^pid-\d+$/);
    },
  },
  {
    title: "takes variables from Secrets, ConfigMaps and the pod itself",
    async run(cluster) {
      const { secrets, configmaps } = paths(cluster);
      await cluster.send("POST", secrets, {
        metadata: { name: "env" },
        stringData: { k: "s$(A)", "also.k": "x" },
      });
      await cluster.send("POST", configmaps, { metadata: { name: "env" }, data: { c: "m" } });
      const field = (fieldPath: string) => ({ fieldRef: { fieldPath } });
      const container = {
        command: ["sh", "-c", 'echo "$S|$M|$N|$NS|$L|$AN|$O|$F_c|$U|$NODE"'],
        envFrom: [{ prefix: "F_", configMapRef: { name: "env" } }],
        env: [
          { name: "S", valueFrom: { secretKeyRef: { name: "env", key: "k" } } },
          { name: "M", valueFrom: { configMapKeyRef: { name: "env", key: "c" } } },
          { name: "N", valueFrom: field("metadata.name") },
          { name: "NS", valueFrom: field("metadata.namespace") },
          { name: "L", valueFrom: field("metadata.labels['app']") },
          { name: "AN", valueFrom: field("metadata.annotations['note']") },
          { name: "O", valueFrom: { secretKeyRef: { name: "none", key: "k", optional: true } } },
          { name: "U", valueFrom: field("metadata.uid") },
          { name: "NODE", valueFrom: field("spec.nodeName") },
        ],
      };
      const pod = await run(cluster, "sources", { container }, isOver);
      const expected = `s$(A)|m|sources|${cluster.namespace}|sources|n||m|${pod.metadata.uid}|${pod.spec.nodeName}\n`;
      assert.equal(await logOf(cluster, "sources"), expected);
    },
  },
  {
    title: "K8: waits as CreateContainerConfigError for a missing Secret, then for its key, then runs",
    async run(cluster) {
      const { secrets } = paths(cluster);
      const container = { env: [{ name: "S", valueFrom: { secretKeyRef: { name: "late", key: "k" } } }] };
      const isWaiting = (pod: Json): boolean => waiting(pod)?.reason === "CreateContainerConfigError";
      const pod = await run(cluster, "late", { script: 'echo "$S"', container }, isWaiting);
      assert.deepEqual(waiting(pod), {
        reason: "CreateContainerConfigError",
        message: 'secret "late" not found',
      });
      assert.equal(pod.status.phase, "Pending");
      const log = await cluster.send("GET", `${paths(cluster).pods}/late/log`);
      assert.deepEqual(
        [log.status, log.json.message],
        [400, 'container "agent" in pod "late" is waiting to start: CreateContainerConfigError'],
      );
      await cluster.send("POST", secrets, { metadata: { name: "late" }, stringData: { other: "x" } });
      const keyless = last(
        await watch(cluster, "late", (lines) => waiting(last(lines))?.message?.includes("key") === true),
      );
      assert.equal(waiting(keyless).message, `couldn't find key k in Secret ${cluster.namespace}/late`);
      await cluster.send("PUT", `${secrets}/late`, { metadata: { name: "late" }, stringData: { k: "now" } });
      await watch(cluster, "late", (lines) => isOver(last(lines)));
      assert.equal(await logOf(cluster, "late"), "now\n");
      const failed = (await eventsOf(cluster, "late")).find((one) => one.reason === "Failed");
      assert.deepEqual([failed.type, failed.message], ["Warning", 'Error: secret "late" not found']);
    },
  },
  {
    title: "C15: init containers run in order, and a failed one fails the pod before its containers start",
    async run(cluster) {
      const init = (name: string, script: string) => ({
        name,
        image: cluster.image,
        command: ["sh", "-c", script],
      });
      const pod = { initContainers: [init("one", "echo 1"), init("two", "exit 4"), init("three", "echo 3")] };
      const ended = await run(cluster, "init", { pod }, isOver);
      assert.equal(ended.status.phase, "Failed");
      assert.deepEqual(
        ended.status.initContainerStatuses.map((one: Json) => [
          one.name,
          one.ready,
          one.state.terminated?.exitCode ?? one.state.waiting.reason,
        ]),
        [
          ["one", true, 0],
          ["two", false, 4],
          ["three", false, "PodInitializing"],
        ],
      );
      assert.deepEqual(ended.status.containerStatuses[0].state, { waiting: { reason: "PodInitializing" } });
      const initialized = ended.status.conditions.find((one: Json) => one.type === "Initialized");
      assert.deepEqual([initialized.status, initialized.reason], ["False", "ContainersNotInitialized"]);
      assert.equal(await logOf(cluster, "init", "?container=one"), "1\n");
    },
  },
  {
    title: "C11: a program that is not there is a StartError with 128",
    async run(cluster) {
      const ended = await run(cluster, "absent", { container: { command: ["/no/such"] } }, isOver);
      const { terminated } = ended.status.containerStatuses[0].state;
      assert.deepEqual([terminated.exitCode, terminated.reason], [128, "StartError"]);
      assert.match(terminated.message, /exec: "\/no\/such": stat \/no\/such: no such file or directory/);
      assert.equal(ended.status.phase, "Failed");
    },
  },
  {
    title: "C12: an image that is not there is ErrImagePull, then ImagePullBackOff",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const isBackingOff = (pod: Json): boolean => waiting(pod)?.reason === "ImagePullBackOff";
      const pod = await run(cluster, "image", { container: { image: "lab/none:1" } }, isBackingOff);
      assert.match(
        waiting(pod).message,
        /^Back-off pulling image "lab\/none:1": ErrImagePull: failed to pull and unpack image "docker.io\/lab\/none:1": /,
      );
      const log = await cluster.send("GET", `${at}/image/log`);
      assert.equal(
        log.json.message,
        'container "agent" in pod "image" is waiting to start: trying and failing to pull image',
      );
      const reasons = (await eventsOf(cluster, "image")).map((one) => one.reason);
      assert.ok(
        reasons.includes("Failed") && reasons.includes("BackOff") && reasons.includes("Scheduled"),
        reasons.join(),
      );
      await cluster.send("DELETE", `${at}/image`);
    },
  },
  {
    title: "C13: says why no node takes a pod",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const placed = (pod: Json): Json =>
        pod.status.conditions?.find((one: Json) => one.type === "PodScheduled");
      const isRefused = (pod: Json): boolean => placed(pod)?.reason === "Unschedulable";
      const picky = await run(cluster, "picky", { pod: { nodeSelector: { never: "there" } } }, isRefused);
      assert.match(
        placed(picky).message,
        /^0\/(\d+) nodes are available: \1 node\(s\) didn't match Pod's node affinity\/selector. no new claims to deallocate, preemption: 0\/\1 nodes are available: \1 Preemption is not helpful for scheduling.$/,
      );
      const requests = { cpu: "1000", memory: "900Ti" };
      const huge = await run(cluster, "huge", { container: { resources: { requests } } }, isRefused);
      assert.match(
        placed(huge).message,
        /^0\/(\d+) nodes are available: \1 Insufficient cpu, \1 Insufficient memory\. /,
      );
      const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "nope" } }];
      const claimless = await run(cluster, "claimless", { pod: { volumes } }, isRefused);
      assert.match(
        placed(claimless).message,
        /^0\/\d+ nodes are available: persistentvolumeclaim "nope" not found/,
      );
      assert.equal((await eventsOf(cluster, "picky"))[0].reason, "FailedScheduling");
      assert.equal((await cluster.send("GET", `${at}/picky/log`)).status, 204);
      for (const name of ["picky", "huge", "claimless"]) {
        assert.equal((await cluster.send("DELETE", `${at}/${name}`)).json.kind, "Pod");
        assert.equal((await cluster.send("GET", `${at}/${name}`)).status, 404);
      }
    },
  },
  {
    title: "C14: an unbound claim keeps a pod from being placed",
    async run(cluster) {
      const { claims, pods: at } = paths(cluster);
      const spec = {
        accessModes: ["ReadWriteMany"],
        storageClassName: "",
        resources: { requests: { storage: "1Gi" } },
      };
      const made = await cluster.send("POST", claims, { metadata: { name: "unbound" }, spec });
      assert.deepEqual(
        [made.json.status, made.json.metadata.finalizers],
        [{ phase: "Pending" }, ["kubernetes.io/pvc-protection"]],
      );
      const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "unbound" } }];
      const placed = (pod: Json): Json =>
        pod.status.conditions?.find((one: Json) => one.type === "PodScheduled");
      const pod = await run(
        cluster,
        "unbound",
        { pod: { volumes } },
        (seen) => placed(seen)?.reason === "Unschedulable",
      );
      assert.match(
        placed(pod).message,
        /^0\/\d+ nodes are available: pod has unbound immediate PersistentVolumeClaims/,
      );
      await cluster.send("DELETE", `${at}/unbound`);
      await cluster.send("DELETE", `${claims}/unbound`);
    },
  },
  {
    title: "C8: a deleted pod gets SIGTERM and its grace, and shows its own exit code before it goes",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const script = "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.1; done";
      await run(cluster, "graceful", { script }, (pod) => pod.status.phase === "Running");
      await untilUp(cluster, "graceful");
      const lines = watch(cluster, "graceful", (seen) => seen.at(-1)?.type === "DELETED");
      const deleted = await cluster.send("DELETE", `${at}/graceful`);
      assert.equal(deleted.json.metadata.deletionGracePeriodSeconds, 2);
      const end = last(await lines);
      const { terminated } = end.status.containerStatuses[0].state;
      assert.deepEqual([end.status.phase, terminated.exitCode, terminated.reason], ["Failed", 7, "Error"]);
    },
  },
  {
    title: "X2: a pod that ignores SIGTERM is killed when its grace is over: 137",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const script = "trap '' TERM; echo up; while :; do sleep 0.1; done";
      await run(cluster, "stubborn", { script }, (pod) => pod.status.phase === "Running");
      await untilUp(cluster, "stubborn");
      const lines = watch(cluster, "stubborn", (seen) => seen.at(-1)?.type === "DELETED");
      await cluster.send("DELETE", `${at}/stubborn?gracePeriodSeconds=1`);
      const { terminated } = last(await lines).status.containerStatuses[0].state;
      assert.deepEqual(
        [terminated.exitCode, terminated.reason, terminated.signal],
        [137, "Error", undefined],
      );
    },
  },
  {
    title: "L21: the log is what was written, and can be followed, cut and stamped",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const script = "echo one; echo two >&2; printf three; sleep 1; echo; printf last";
      await run(cluster, "log", { script }, (pod) => pod.status.phase === "Running");
      const followed = await logOf(cluster, "log", "?follow=true");
      assert.deepEqual(followed.split("\n").sort(), ["last", "one", "three", "two"]);
      await watch(cluster, "log", (lines) => isOver(last(lines)));
      assert.equal(await logOf(cluster, "log", "?tailLines=1"), "last");
      assert.equal((await logOf(cluster, "log", "?limitBytes=3")).length, 3);
      assert.match(
        await logOf(cluster, "log", "?timestamps=true&tailLines=1"),
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z last/,
      );
      assert.match(
        (await cluster.send("GET", `${at}/log/log?container=foo`)).json.message,
        /^container foo is not valid for pod log$/,
      );
    },
  },
  {
    title: "a finished pod is deleted at once",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const pod = await run(cluster, "finished", {}, isOver);
      assert.equal(pod.status.phase, "Succeeded");
      assert.deepEqual(
        pod.status.conditions.map((one: Json) => [one.type, one.status, one.reason]),
        [
          ["PodReadyToStartContainers", "False", undefined],
          ["Initialized", "True", "PodCompleted"],
          ["Ready", "False", "PodCompleted"],
          ["ContainersReady", "False", "PodCompleted"],
          ["PodScheduled", "True", undefined],
        ],
      );
      const deleted = await cluster.send("DELETE", `${at}/finished`);
      assert.equal(deleted.json.metadata.deletionGracePeriodSeconds, 0);
      assert.equal((await cluster.send("GET", `${at}/finished`)).status, 404);
    },
  },
  {
    title: "a pod's spec does not change",
    async run(cluster) {
      await run(cluster, "fixed", {}, isOver);
      const body = { spec: { nodeName: "elsewhere" } };
      const headers = { "content-type": "application/merge-patch+json" };
      const { status, json } = await cluster.send("PATCH", `${paths(cluster).pods}/fixed`, body, headers);
      assert.equal(status, 422);
      assert.match(
        json.message,
        /^Pod "fixed" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\].image`/,
      );
    },
  },
];
