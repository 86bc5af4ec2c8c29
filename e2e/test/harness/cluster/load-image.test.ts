import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PresentCluster } from "../../../src/cluster/cluster.ts";
import { loadImage } from "../../../src/cluster/load-image.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-load-"));
  for (const name of ["docker", "kind", "image"]) {
    const text = `#!/bin/sh\necho "$(basename "$0") $* FROM=$FROM HOME=$CLUSTER_HOME" >>"${folder}/calls"\n`;
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const elsewhere: PresentCluster = {
  state: "present",
  kubeconfig: "",
  folder: undefined,
  home: undefined,
  startedHere: false,
};
const image = { image: "agent:1", rootFolder: "/root-folder", dockerfile: "/Dockerfile" };
const calls = () => readFile(join(folder, "calls"), "utf8");

test("a cluster folder makes the image by its own script, as a layer on its base", async () => {
  const cluster = { ...elsewhere, folder, home: "/state" };
  await loadImage({ ...image, cluster, env: { PATH: process.env["PATH"] } });
  expect(await calls()).toBe("image agent:1 /root-folder FROM=lab/debian:12 HOME=/state\n");
});

test("elsewhere the image is built by Docker, then loaded by the command that is given", async () => {
  const env = {
    PATH: `${folder}:${process.env["PATH"]}`,
    PAPERCLIP_K8S_LOAD_IMAGE: "kind load docker-image",
  };
  await loadImage({ ...image, cluster: elsewhere, env });
  const expected =
    "docker build -t agent:1 -f /Dockerfile /root-folder FROM= HOME=\nkind load docker-image agent:1 FROM= HOME=\n";
  expect(await calls()).toBe(expected);
});

test("without a way to load an image the message says what to set", async () => {
  const loading = loadImage({ ...image, cluster: elsewhere, env: {} });
  await expect(loading).rejects.toMatchObject({
    code: "image_not_loaded",
    message: expect.stringContaining("PAPERCLIP_K8S_LOAD_IMAGE"),
  });
});
