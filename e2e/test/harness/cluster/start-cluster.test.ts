import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { obtainCluster, releaseCluster } from "../../../src/cluster/start-cluster.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-choice-"));
  await writeFile(join(folder, "down"), `#!/bin/sh\necho down >>"${folder}/calls"\n`);
  await chmod(join(folder, "down"), 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const present = { state: "present", kubeconfig: "", home: undefined } as const;

test("a cluster that was asked for and does not answer fails the suite instead of skipping it", async () => {
  const env = { KUBECONFIG: join(folder, "missing.yaml") };
  await expect(obtainCluster({ env, cwd: folder })).rejects.toMatchObject({ code: "cluster_unusable" });
});

test("a folder without scripts fails the suite", async () => {
  const env = { PAPERCLIP_K8S_CLUSTER: join(folder, "nothing"), CLUSTER_HOME: folder };
  await expect(obtainCluster({ env, cwd: folder })).rejects.toMatchObject({ code: "cluster_unusable" });
});

test("a cluster that this run started is stopped at the end", async () => {
  await releaseCluster({ ...present, folder, startedHere: true });
  expect(await readFile(join(folder, "calls"), "utf8")).toBe("down\n");
});

test("a cluster that was running already is left running", async () => {
  await releaseCluster({ ...present, folder, startedHere: false });
  await expect(readFile(join(folder, "calls"))).rejects.toMatchObject({ code: "ENOENT" });
});
