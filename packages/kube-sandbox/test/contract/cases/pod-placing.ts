import assert from "node:assert/strict";
import type { ContractCase } from "../cluster.ts";
import { paths } from "../manifests.ts";
import { eventsOf, runPod } from "../pods.ts";
import type { Json } from "../watching.ts";

export const podPlacing: readonly ContractCase[] = [
  {
    title: "C13: says why no node takes a pod",
    async run(cluster) {
      const { pods: at } = paths(cluster);
      const placed = (pod: Json): Json =>
        pod.status.conditions?.find((one: Json) => one.type === "PodScheduled");
      const isRefused = (pod: Json): boolean => placed(pod)?.reason === "Unschedulable";
      const picky = await runPod(cluster, "picky", { pod: { nodeSelector: { never: "there" } } }, isRefused);
      assert.match(
        placed(picky).message,
        /^0\/(\d+) nodes are available: \1 node\(s\) didn't match Pod's node affinity\/selector. no new claims to deallocate, preemption: 0\/\1 nodes are available: \1 Preemption is not helpful for scheduling.$/,
      );
      const requests = { cpu: "1000", memory: "900Ti" };
      const huge = await runPod(cluster, "huge", { container: { resources: { requests } } }, isRefused);
      assert.match(
        placed(huge).message,
        /^0\/(\d+) nodes are available: \1 Insufficient cpu, \1 Insufficient memory\. /,
      );
      const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "nope" } }];
      const claimless = await runPod(cluster, "claimless", { pod: { volumes } }, isRefused);
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
      const pod = await runPod(
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
];
