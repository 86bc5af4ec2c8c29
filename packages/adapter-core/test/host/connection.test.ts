import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { type Clock, systemClock } from "@paperclip-k8s/job-supervisor";
import { beforeEach, expect, it } from "vitest";
import { connect } from "../../src/host/connection.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { fakeHost } from "../support/host.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { NAMESPACE, openStage } from "../support/stage.ts";

const stage = sharedStage();
const environment = { POD_NAME: "paperclip-0", POD_NAMESPACE: NAMESPACE };
const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;

beforeEach(async () => {
  const { sandbox, transport } = stage();
  sandbox.pods.script({ name: "paperclip-0" }, (_pod, { setRunning, signal }) => {
    setRunning();
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  });
  const body = {
    ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "paperclip-0" } },
    spec: { containers: [{ name: "paperclip", image: "example/paperclip:1" }] },
  };
  await transport.json({ method: "POST", path: pods, body }).catch(() => {});
});

/** Time that does not pass for those who look at it, and passes at once for those who wait. */
function hasty(): Clock & { now(): number; move(ms: number): void } {
  const clock = fakeClock();
  let moved = 0;
  return {
    now: () => clock.now() + moved,
    schedule: (callback) => systemClock.schedule(callback, 0),
    move: (ms) => {
      moved += ms;
    },
  };
}

async function connected(changes: Parameters<typeof fakeHost>[0] = {}) {
  const clock = hasty();
  const connection = await connect(fakeHost({ clock, environment, ...changes }), stage().kubeconfig);
  const asked = () => stage().sandbox.requests.filter(({ name }) => name === "paperclip-0").length;
  return { connection, clock, asked };
}

const struck = (fault: { kind: "drop" } | { kind: "status"; code: number }, times?: number) =>
  stage().sandbox.faults.inject({
    match: { verb: "get", resource: "pods" },
    fault,
    ...(times === undefined ? {} : { times }),
  });

it("reads the host's own pod once for all that ask, and again after five minutes", async () => {
  const { connection, clock, asked } = await connected();
  const before = asked();
  const [one, two] = await Promise.all([connection.selfPod(), connection.selfPod()]);
  expect(one).toMatchObject({ image: "example/paperclip:1", namespace: NAMESPACE });
  expect(two).toBe(one);
  expect(asked() - before).toBe(1);
  clock.move(300_001);
  await connection.selfPod();
  expect(asked() - before).toBe(2);
});

it("C22: an API server that is away for a moment is asked again", async () => {
  const { connection } = await connected();
  const fault = struck({ kind: "drop" }, 3);
  expect(await connection.selfPod()).toMatchObject({ image: "example/paperclip:1" });
  fault.remove();
});

it("C22: one that stays away is an error, and no config that lacks something; the next run asks again", async () => {
  const { connection } = await connected();
  const fault = struck({ kind: "status", code: 500 });
  await expect(connection.selfPod()).rejects.toMatchObject({ code: "server_error" });
  fault.remove();
  expect(await connection.selfPod()).toMatchObject({ image: "example/paperclip:1" });
});

it("a pod that was read before serves while it cannot be read again", async () => {
  const { connection, clock } = await connected();
  await connection.selfPod();
  clock.move(300_001);
  const fault = struck({ kind: "status", code: 500 });
  expect(await connection.selfPod()).toMatchObject({ image: "example/paperclip:1" });
  fault.remove();
});

it.each([
  ["may not be read", 403, "forbidden"],
  ["is not there", 404, "not_found"],
])(
  "H7: a pod that %s is told at the first answer, and asked for again by the next run",
  async (_what, status, code) => {
    const { connection, asked } = await connected();
    const injected = struck({ kind: "status", code: status });
    const before = asked();
    await expect(connection.selfPod()).rejects.toMatchObject({ code });
    expect(asked() - before).toBe(1);
    injected.remove();
    expect(await connection.selfPod()).toMatchObject({ image: "example/paperclip:1" });
  },
);

it("off the cluster nobody is asked", async () => {
  const { connection, asked } = await connected({ environment: {} });
  const before = asked();
  expect(await connection.selfPod()).toBeNull();
  expect(asked() - before).toBe(0);
});

it("knows its server and its context's namespace", async () => {
  const { connection } = await connected();
  expect(connection.server).toContain(stage().sandbox.url);
  expect(connection.contextNamespace).toBe(NAMESPACE);
});

it("a file that is no kubeconfig is refused at once, not asked for a minute", async () => {
  await expect(connect(fakeHost(), "/etc/passwd")).rejects.toMatchObject({
    code: "kubeconfig_unusable",
    message: expect.stringContaining("/etc/passwd"),
  });
});

it("names a kubeconfig that cannot be used, and the remedy", async () => {
  await expect(connect(fakeHost(), "/no/such/file")).rejects.toMatchObject({
    ...{ name: "AdapterCoreError", code: "kubeconfig_unusable" },
    message: expect.stringMatching(/^kubeconfig: \/no\/such\/file cannot be used .*: give the path/),
  });
});

it.each([
  [
    "an indentation that is wrong",
    "token: sk-secret\n   client: x",
    "bad indentation of a mapping entry at line 7",
  ],
  ["a token that YAML takes for an alias", "token: *sk-secret", "unidentified alias at line 6"],
  ["a token that YAML takes for a tag", "token: !sk-secret x", "at line 6"],
  ["a key twice", "token: sk-secret\n    token: sk-secret", "duplicated mapping key at line 7"],
])("a kubeconfig with %s is told by its place, not by its text", async (_what, user, said) => {
  const path = join(stage().root, "broken-kubeconfig");
  await writeFile(path, `apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    ${user}\n`);
  const error: unknown = await connect(fakeHost(), path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "kubeconfig_unusable", message: expect.stringContaining(said) });
  expect(inspect(error)).not.toContain("sk-secret");
});

it("credentials that somebody has renewed in the kubeconfig are taken with the next request", async () => {
  await using own = await openStage();
  const { sandbox, kubeconfig } = own;
  const { transport } = await connect(fakeHost(), kubeconfig);
  const list = () => transport.json({ method: "GET", path: pods });
  await list();
  sandbox.rotateToken();
  await expect(list()).rejects.toMatchObject({ code: "unauthorized" });
  await sandbox.writeKubeconfig(kubeconfig);
  expect(await Promise.all([list(), list()])).toMatchObject([{ kind: "PodList" }, { kind: "PodList" }]);
});

it("a token in a file beside the kubeconfig is used, as kubectl does", async () => {
  const { sandbox, root } = stage();
  await writeFile(join(root, "token"), `${sandbox.token}\n`);
  const named = { name: "one" };
  const path = join(root, "with-token-file");
  const config = {
    ...{ apiVersion: "v1", kind: "Config", "current-context": "one" },
    clusters: [{ ...named, cluster: { server: sandbox.url, "insecure-skip-tls-verify": true } }],
    users: [{ ...named, user: { tokenFile: "token" } }],
    contexts: [{ ...named, context: { cluster: "one", user: "one" } }],
  };
  await writeFile(path, JSON.stringify(config));
  const { transport } = await connect(fakeHost(), path);
  expect(await transport.json({ method: "GET", path: pods })).toMatchObject({ kind: "PodList" });
});
