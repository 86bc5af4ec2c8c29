import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { mergePatch, paths } from "../manifests.ts";
import { eventsOf, isOver, logOf, runPod, waiting, watchPod } from "../pods.ts";
import { type Json, last } from "../watching.ts";

export const podStart: readonly ContractCase[] = [
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
      await runPod(cluster, "expand", { container }, isOver);
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
      const pod = await runPod(cluster, "sources", { container }, isOver);
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
      const pod = await runPod(cluster, "late", { script: 'echo "$S"', container }, isWaiting);
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
      // A kubelet looks again after a while, or when the pod changes.
      const nudge = (by: string) =>
        cluster.send("PATCH", `${paths(cluster).pods}/late`, { metadata: { labels: { by } } }, mergePatch);
      await cluster.send("POST", secrets, { metadata: { name: "late" }, stringData: { other: "x" } });
      await nudge("1");
      const keyless = last(
        await watchPod(cluster, "late", (lines) => waiting(last(lines))?.message?.includes("key") === true),
      );
      assert.equal(waiting(keyless).message, `couldn't find key k in Secret ${cluster.namespace}/late`);
      await cluster.send("PUT", `${secrets}/late`, { metadata: { name: "late" }, stringData: { k: "now" } });
      await nudge("2");
      await watchPod(cluster, "late", (lines) => isOver(last(lines)));
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
      const ended = await runPod(cluster, "init", { pod }, isOver);
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
      const ended = await runPod(cluster, "absent", { container: { command: ["/no/such"] } }, isOver);
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
      const pod = await runPod(cluster, "image", { container: { image: "lab/none:1" } }, isBackingOff);
      assert.match(
        waiting(pod).message,
        /^Back-off pulling image "lab\/none:1": ErrImagePull: failed to pull and unpack image "docker.io\/lab\/none:1": /,
      );
      const log = await cluster.send("GET", `${at}/image/log`);
      assert.match(
        log.json.message,
        /^container "agent" in pod "image" is waiting to start: (trying and failing to pull image|image can't be pulled)$/,
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
    title: "names the pull secrets that are not there in an event, and pulls all the same",
    async run(cluster) {
      await cluster.send("POST", paths(cluster).secrets, {
        metadata: { name: "registry" },
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": '{"auths":{}}' },
      });
      const imagePullSecrets = [{ name: "none-a" }, { name: "registry" }, { name: "none-b" }];
      const ended = await runPod(
        cluster,
        "secretless",
        { pod: { imagePullSecrets }, script: "true" },
        isOver,
      );
      assert.equal(ended.status.phase, "Succeeded");
      const events = await eventsOf(cluster, "secretless");
      const event = events.find((one) => one.reason === "FailedToRetrieveImagePullSecret");
      assert.deepEqual(
        [event?.type, event?.message],
        [
          "Warning",
          "Unable to retrieve some image pull secrets (none-a, none-b); attempting to pull the image may not succeed.",
        ],
      );
    },
  },
];
