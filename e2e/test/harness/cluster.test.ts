import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claudeBinary } from "@paperclip-k8s/offline-agents";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { isImageLoaded } from "../../src/cluster/load-image.ts";
import {
  ADAPTER_RIGHTS,
  clusterClients,
  countRequests,
  ensureAgentImage,
  forwardToLoopback,
  freePort,
  obtainCluster,
  openAuditWindow,
  openNamespace,
  podReachableAddress,
  refusalStatus,
  releaseCluster,
  runPod,
  type TestNamespace,
  waitFor,
} from "../../src/index.ts";

describeCluster("a cluster", (cluster) => {
  let namespace: TestNamespace;
  let image: string;

  beforeAll(async () => {
    namespace = await openNamespace({ cluster, env: process.env });
    const executables = { "/usr/local/bin/claude": claudeBinary() };
    image = await ensureAgentImage({ cluster, executables, env: process.env });
  });
  afterAll(() => namespace?.[Symbol.asyncDispose]());

  test("runs the real Claude Code in a restricted pod with a read-only root", async () => {
    const pod = await runPod({ namespace, name: "claude", image, command: ["claude", "--version"] });
    expect(pod).toEqual({ exitCode: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+ \(Claude Code\)/) });
  });

  test("refuses a root pod in a restricted namespace", async () => {
    const securityContext = { runAsUser: 0 };
    const refused = await runPod({ namespace, name: "root", image, command: ["id"], securityContext }).catch(
      (e) => e,
    );
    expect(refusalStatus(refused)).toBe(403);
    expect(String(refused)).toContain("restricted");
  });

  test("shows the claim's files on both sides, owned by the same user", async () => {
    await writeFile(join(namespace.volumeFolder, "from-host"), "host\n");
    const script = "cat /paperclip/from-host && umask 007 && echo pod >/paperclip/from-pod";
    const pod = await runPod({ namespace, name: "volume", image, command: ["sh", "-c", script] });
    expect(pod).toEqual({ exitCode: 0, output: "host\n" });
    const written = join(namespace.volumeFolder, "from-pod");
    expect(await readFile(written, "utf8")).toBe("pod\n");
    expect(await stat(written)).toMatchObject({ uid: namespace.user.uid, gid: namespace.user.gid });
  });

  test("makes the image once", async () => {
    const executables = { "/usr/local/bin/claude": claudeBinary() };
    // A kubelet lists its images every now and then: the one just made may not be among them yet.
    const { core } = clusterClients(cluster.kubeconfig);
    await waitFor(() => isImageLoaded(core, image), {
      what: "the nodes to list the image",
      withinMs: 120_000,
    });
    // Without a way to load images a second making would fail.
    const noLoader = { ...cluster, folder: undefined };
    expect(await ensureAgentImage({ cluster: noLoader, executables, env: {} })).toBe(image);
  });

  test("gives the service account exactly the adapter's rights", async () => {
    const { authorization } = clusterClients(namespace.kubeconfig);
    const review = await authorization.createSelfSubjectRulesReview({
      body: { spec: { namespace: namespace.name } },
    });
    const granted = (review.status?.resourceRules ?? [])
      .filter(({ apiGroups }) => !apiGroups?.some((group) => group.endsWith(".k8s.io")))
      .flatMap(({ apiGroups, resources, verbs }) => [{ apiGroups, resources, verbs }]);
    expect(granted).toHaveLength(ADAPTER_RIGHTS.length);
    expect(granted).toEqual(expect.arrayContaining([...ADAPTER_RIGHTS]));
    const { core } = clusterClients(namespace.kubeconfig);
    const refused = await core.listNamespacedSecret({ namespace: namespace.name }).catch((e) => e);
    expect(refusalStatus(refused)).toBe(403);
  });

  test("counts what the service account asked for, and nobody else", async ({ skip }) => {
    const window = await openAuditWindow(cluster);
    if (window === undefined) return skip("this cluster's audit log cannot be read");
    const { batch, core } = clusterClients(namespace.kubeconfig);
    await batch.listNamespacedJob({ namespace: namespace.name });
    await batch.listNamespacedJob({ namespace: namespace.name });
    await core.readNamespacedPersistentVolumeClaim({ namespace: namespace.name, name: namespace.claim });
    await namespace.clients.batch.listNamespacedJob({ namespace: namespace.name });
    const own = await window.requests({ user: namespace.userName });
    expect(countRequests(own)).toEqual({ "get persistentvolumeclaims": 1, "list jobs": 2 });
    const all = await window.requests({ namespace: namespace.name, resource: "jobs" });
    expect(countRequests(all)).toEqual({ "list jobs": 3 });
  });

  test("lets pods reach a server on loopback through a forwarder", async ({ skip }) => {
    const address = await podReachableAddress(namespace.clients.core, process.env);
    if (address === undefined) return skip("pods have no known way to this machine");
    const port = await freePort();
    const server = createServer((_, response) => response.end("reached\n")).listen(port, "127.0.0.1");
    await using forwarder = await forwardToLoopback({ address, port });
    const script = `exec 3<>/dev/tcp/${address}/${port}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; tail -n 1 <&3`;
    const pod = await runPod({ namespace, name: "reach", image, command: ["bash", "-c", script] });
    expect(pod).toEqual({ exitCode: 0, output: "reached\n" });
    expect(forwarder).toBeDefined();
    server.close();
  });
});

describeCluster("a cluster folder", (cluster) => {
  test("that is down is started by its script, and stopped at the end by the run that started it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-folder-"));
    try {
      // It stands in for the scripts alone: what it "starts" is the cluster that is there.
      const up = `#!/bin/sh\necho up >>"$CLUSTER_HOME/calls"\necho progress\necho "${cluster.kubeconfig}"\n`;
      await writeFile(join(folder, "up"), up, { mode: 0o755 });
      await writeFile(join(folder, "down"), '#!/bin/sh\necho down >>"$CLUSTER_HOME/calls"\n', {
        mode: 0o755,
      });
      const env = { PATH: process.env["PATH"], PAPERCLIP_K8S_CLUSTER: folder, CLUSTER_HOME: folder };
      const started = await obtainCluster({ env, cwd: folder });
      const { kubeconfig } = cluster;
      expect(started).toEqual({ state: "present", kubeconfig, folder, home: folder, startedHere: true });
      await releaseCluster(started);
      expect(await readFile(join(folder, "calls"), "utf8")).toBe("up\ndown\n");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describeCluster("a namespace that was given back", (cluster) => {
  test("leaves nothing behind", async () => {
    const namespace = await openNamespace({ cluster, env: process.env });
    const { core } = namespace.clients;
    await namespace[Symbol.asyncDispose]();
    expect(refusalStatus(await core.readNamespace({ name: namespace.name }).catch((e) => e))).toBe(404);
    const volumes = (await core.listPersistentVolume()).items.map(
      (volume) => volume.spec?.claimRef?.namespace,
    );
    expect(volumes).not.toContain(namespace.name);
    await expect(stat(namespace.volumeFolder)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
