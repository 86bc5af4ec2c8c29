import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { selfPodName, selfPodOf } from "../../src/host/self-pod.ts";
import { fakeHost } from "../support/host.ts";

const pod: V1Pod = {
  metadata: { name: "paperclip-0", namespace: "paperclip" },
  spec: {
    imagePullSecrets: [{ name: "registry" }, {}],
    nodeSelector: { pool: "agents" },
    tolerations: [
      { key: "node.kubernetes.io/not-ready", operator: "Exists" },
      { key: "pool", operator: "Exists" },
    ],
    dnsConfig: { nameservers: ["10.0.0.10"] },
    containers: [
      {
        name: "paperclip",
        image: "example/paperclip:1",
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: "data", mountPath: "/paperclip" },
        ],
      },
      { name: "mesh", image: "example/mesh:1" },
    ],
    volumes: [
      { name: "tmp", emptyDir: {} },
      { name: "data", persistentVolumeClaim: { claimName: "paperclip-data" } },
    ],
  },
};

describe("what a pod's agents take over", () => {
  it("is its image, pull secrets, node rules and DNS", () => {
    const { claimAt, subPathAt, ...self } = selfPodOf(pod);
    expect(self).toEqual({
      namespace: "paperclip",
      image: "example/paperclip:1",
      imagePullSecrets: ["registry"],
      serviceAccountName: null,
      nodeSelector: { pool: "agents" },
      tolerations: [{ key: "pool", operator: "Exists" }],
      dnsConfig: { nameservers: ["10.0.0.10"] },
    });
    expect(claimAt("/paperclip")).toBe("paperclip-data");
    expect(subPathAt("/paperclip")).toBeNull();
  });

  it("has no claim where another volume, or none, is mounted", () => {
    expect(selfPodOf(pod).claimAt("/tmp")).toBeNull();
    expect(selfPodOf(pod).claimAt("/elsewhere")).toBeNull();
  });

  it("finds a mount whose path ends with a slash", () => {
    const [host] = pod.spec!.containers;
    const volumeMounts = [{ name: "data", mountPath: "/paperclip/" }];
    const self = selfPodOf({ spec: { ...pod.spec, containers: [{ ...host!, volumeMounts }] } });
    expect(self.claimAt("/paperclip")).toBe("paperclip-data");
  });

  it("tells which part of a claim is mounted", () => {
    const [host] = pod.spec!.containers;
    const volumeMounts = [{ name: "data", mountPath: "/paperclip", subPath: "part" }];
    const self = selfPodOf({ spec: { ...pod.spec, containers: [{ ...host!, volumeMounts }] } });
    expect(self.subPathAt("/paperclip")).toBe("part");
  });

  it("comes from the marked container where a mesh has put its own in front", () => {
    const [host, mesh] = pod.spec!.containers;
    const annotations = { "kubectl.kubernetes.io/default-container": "server" };
    const self = selfPodOf({
      metadata: { ...pod.metadata, annotations },
      spec: { ...pod.spec, containers: [mesh!, { ...host!, name: "server" }] },
    });
    expect(self.image).toBe("example/paperclip:1");
    expect(self.claimAt("/paperclip")).toBe("paperclip-data");
  });

  it("comes from the container named paperclip where none is marked, else from the first", () => {
    const [host, mesh] = pod.spec!.containers;
    const imageOf = (...containers: V1Container[]) => selfPodOf({ spec: { containers } }).image;
    expect(imageOf(mesh!, host!)).toBe("example/paperclip:1");
    expect(imageOf(mesh!, { ...host!, name: "server" })).toBe("example/mesh:1");
  });

  it("is nothing of a pod without a spec", () => {
    expect(selfPodOf({})).toMatchObject({ image: null, imagePullSecrets: [], nodeSelector: {} });
  });
});

describe("the name of the host's own pod", () => {
  it("comes from POD_NAME and POD_NAMESPACE", async () => {
    const environment = { POD_NAME: "p", POD_NAMESPACE: "n" };
    expect(await selfPodName(fakeHost({ environment }))).toEqual({ namespace: "n", name: "p" });
  });

  it("is the hostname where POD_NAME is missing", async () => {
    const environment = { POD_NAMESPACE: "n" };
    expect(await selfPodName(fakeHost({ environment }))).toEqual({ namespace: "n", name: "paperclip-0" });
  });

  it("is nobody's off the cluster", async () => {
    expect(await selfPodName(fakeHost())).toBeNull();
  });
});
