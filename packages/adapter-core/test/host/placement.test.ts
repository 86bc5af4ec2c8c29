import { KubeApiError } from "@paperclip-k8s/job-supervisor";
import { describe, expect, it } from "vitest";
import type { CoreConfig } from "../../src/config/core-config.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { Connection } from "../../src/host/connection.ts";
import { mountPathOf, placeRun } from "../../src/host/placement.ts";
import { type SelfPod, selfPodOf } from "../../src/host/self-pod.ts";
import { fakeHost } from "../support/host.ts";

const self = selfPodOf({
  metadata: { name: "paperclip-0", namespace: "paperclip" },
  spec: {
    imagePullSecrets: [{ name: "registry" }],
    nodeSelector: { pool: "agents" },
    tolerations: [{ key: "pool", operator: "Exists" }],
    dnsConfig: { nameservers: ["10.0.0.10"] },
    containers: [
      {
        name: "paperclip",
        image: "example/paperclip:1",
        volumeMounts: [{ name: "data", mountPath: "/paperclip" }],
      },
    ],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "paperclip-data" } }],
  },
});

function configOf(values: Readonly<Record<string, unknown>>): CoreConfig {
  const parsed = parseConfig({ label: "Agent", fields: {} }, values);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.config;
}

async function place(
  values: Readonly<Record<string, unknown>> = {},
  options: {
    pod?: SelfPod | null;
    unread?: Error;
    uid?: number;
    gid?: number;
    contextNamespace?: string;
  } = {},
) {
  const { pod = self, unread, uid = 1234, gid = 4321, contextNamespace = null } = options;
  const connection = {
    contextNamespace,
    selfPod: () => (unread ? Promise.reject(unread) : Promise.resolve(pod)),
  } as Connection;
  const host = fakeHost({ uid, gid });
  return placeRun({ host, connection, config: configOf(values), jobPrefix: "sh-" });
}

async function placed(...args: Parameters<typeof place>) {
  const result = await place(...args);
  if (!result.ok) throw new Error(result.problems.join("; "));
  return result.placement;
}

async function problems(...args: Parameters<typeof place>): Promise<readonly string[]> {
  const result = await place(...args);
  return result.ok ? [] : result.problems;
}

describe("from the host's own pod", () => {
  it("come namespace, image, claim, pull secrets, node rules and DNS", async () => {
    expect(await placed()).toMatchObject({
      namespace: "paperclip",
      image: "example/paperclip:1",
      claimName: "paperclip-data",
      imagePullSecrets: ["registry"],
      nodeSelector: { pool: "agents" },
      tolerations: [{ key: "pool", operator: "Exists" }],
      dnsConfig: { nameservers: ["10.0.0.10"] },
    });
  });

  it("nothing is taken that the config says", async () => {
    const values = {
      namespace: "paperclip",
      image: "example/agent:2",
      volumeClaim: "other",
      imagePullSecrets: "mine",
      nodeSelector: "pool=mine",
      tolerations: "[]",
    };
    expect(await placed(values)).toMatchObject({
      image: "example/agent:2",
      claimName: "other",
      imagePullSecrets: ["mine"],
      nodeSelector: { pool: "mine" },
      tolerations: [],
    });
  });
});

it("a host that mounts only a part of its claim is told: its pods would see another folder", async () => {
  const found = await problems({}, { pod: { ...self, subPathAt: () => "data" } });
  expect(found).toEqual([expect.stringContaining("mounts only data of its claim at /paperclip")]);
  expect(await problems({ volumeClaim: "whole" }, { pod: { ...self, subPathAt: () => "data" } })).toEqual([]);
});

describe("in another namespace", () => {
  it("claim and pull secrets must be configured, and what is missing is named", async () => {
    const found = await problems({ namespace: "agents" });
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(
      /^volumeClaim is not set, and the host's own pod is in namespace paperclip, not in agents/,
    );
    expect(found[1]).toMatch(/^imagePullSecrets is not set, .*registry/);
  });

  it("image and node rules are still the host's", async () => {
    const values = { namespace: "agents", volumeClaim: "shared", imagePullSecrets: "mine" };
    expect(await placed(values)).toMatchObject({
      namespace: "agents",
      image: "example/paperclip:1",
      nodeSelector: { pool: "agents" },
    });
  });

  it("no pull secrets are asked for where the host has none", async () => {
    const pod = { ...self, imagePullSecrets: [] };
    const values = { namespace: "agents", volumeClaim: "shared" };
    expect((await placed(values, { pod })).imagePullSecrets).toEqual([]);
  });
});

describe("off the cluster", () => {
  it("image and claim are named as missing", async () => {
    const found = await problems({}, { pod: null });
    expect(found.map((problem) => problem.split(" ")[0])).toEqual(["image", "volumeClaim"]);
    expect(found.join()).toContain("cannot be asked");
  });

  it("the namespace is the config's, else the context's, else default", async () => {
    const values = { image: "example/agent:1", volumeClaim: "shared" };
    const at = { pod: null, contextNamespace: "mine" };
    expect((await placed({ ...values, namespace: "agents" }, at)).namespace).toBe("agents");
    expect((await placed(values, at)).namespace).toBe("mine");
    expect((await placed(values, { pod: null })).namespace).toBe("default");
  });
});

describe("the pod's user", () => {
  it("is the host's", async () => {
    const { user, owner } = await placed();
    expect(user).toEqual({ uid: 1234, gid: 4321 });
    expect(owner).toEqual({ uid: 1234, gid: 4321, give: false });
  });

  it("is 1000:1000 where the host is root, which then gives files away", async () => {
    const { user, owner } = await placed({}, { uid: 0, gid: 0 });
    expect(user).toEqual({ uid: 1000, gid: 1000 });
    expect(owner).toEqual({ uid: 1000, gid: 1000, give: true });
  });

  it("is the configured one before either", async () => {
    const { user, owner } = await placed({ runAsUser: 7, runAsGroup: "8" }, { uid: 0, gid: 0 });
    expect(user).toEqual({ uid: 7, gid: 8 });
    expect(owner).toEqual({ uid: 7, gid: 8, give: true });
  });
});

it("two instances on one volume, and two volumes of one instance, are told apart", async () => {
  const id = async (values: Record<string, unknown>) => (await placed(values)).naming.instanceId;
  const ids = [await id({}), await id({ instance: "other" }), await id({ volumeClaim: "other" })];
  expect(new Set(ids).size).toBe(3);
  expect(await id({})).toBe(ids[0]);
});

it("a mount path has the Job's name where the placeholder is", async () => {
  const { naming } = await placed();
  const identity = {
    ...{ adapterType: "shell_k8s", companyId: "c1", agentId: "a1", runId: "r1" },
    ...{ taskId: null, sessionId: null, attempt: 1 },
  };
  expect(mountPathOf("/run/{job}/x/{job}", naming, identity)).toMatch(
    /^\/run\/(sh-a1-r1-[0-9a-f]{6})\/x\/\1$/,
  );
  expect(mountPathOf("/run/paperclip", naming, identity)).toBe("/run/paperclip");
});

describe("H7: a host that may not read its own pod", () => {
  const unread = new KubeApiError({ code: "forbidden", status: 403, message: 'pods "p" is forbidden' });

  it("is told so with each field that the pod would have told", async () => {
    expect(await problems({}, { unread })).toEqual([
      expect.stringMatching(/^image is not set, .* cannot be asked for it \(pods "p" is forbidden\): set it/),
      expect.stringMatching(/^volumeClaim is not set, .* \(pods "p" is forbidden\): set it/),
    ]);
  });

  it("runs by a config that says all", async () => {
    const values = { image: "example/agent:2", volumeClaim: "shared" };
    expect(await placed(values, { unread })).toMatchObject({ claimName: "shared" });
  });
});
