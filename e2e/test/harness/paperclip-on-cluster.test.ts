import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { claudeBinary } from "@paperclip-k8s/offline-agents";
import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import {
  ensureAgentImage,
  logText,
  openPaperclip,
  processesOfFolder,
  refusalStatus,
  runPod,
} from "../../src/index.ts";
import { THROWAWAY_TYPE, writeThrowawayAdapter } from "./throwaway-adapter.ts";

describeCluster("Paperclip on a cluster", (cluster) => {
  test("shares the volume with pods in both directions, reaches them, restarts, and leaves nothing", async () => {
    const image = await ensureAgentImage({
      cluster,
      executables: { "/usr/local/bin/claude": claudeBinary() },
      env: process.env,
    });
    const paperclip = await openPaperclip({ cluster, env: process.env });
    const { namespace, api, companyId, server } = paperclip;
    try {
      const health = server.podUrl === undefined ? "true" : reachHealth(server.podUrl);
      const script = `umask 077; echo written by the pod >/paperclip/from-pod; ${health}`;
      const pod = await runPod({ namespace, name: "pod", image, command: ["bash", "-c", script] });
      expect(pod).toMatchObject({ exitCode: 0 });
      if (server.podUrl !== undefined) expect(pod.output).toContain('"status":"ok"');

      const folder = await writeThrowawayAdapter(join(paperclip.folder, "adapter"));
      await api.installAdapter({ kind: "folder", folder });
      const paths = {
        read: join(namespace.volumeFolder, "from-pod"),
        write: join(namespace.volumeFolder, "from-host"),
      };
      const agent = await api.createAgent({
        companyId,
        name: "A",
        adapterType: THROWAWAY_TYPE,
        adapterConfig: paths,
      });
      const run = await api.endedRun((await api.heartbeat(agent.id)).id);
      expect(logText(await api.log(run.id), "stdout")).toContain("read written by the pod\n");
      const reader = { namespace, name: "reader", image, command: ["cat", "/paperclip/from-host"] };
      expect(await runPod(reader)).toEqual({ exitCode: 0, output: "written by the host\n" });

      await paperclip.server.kill();
      await paperclip.server.stop();
      const again = await paperclip.restart();
      expect(again.url).toBe(server.url);
      expect(await api.run(run.id)).toMatchObject({ status: "succeeded" });
      expect(await readFile(again.logFile, "utf8")).not.toBe("");
    } finally {
      await paperclip[Symbol.asyncDispose]();
    }
    expect(await processesOfFolder(namespace.volumeFolder)).toEqual([]);
    await expect(stat(paperclip.folder)).rejects.toMatchObject({ code: "ENOENT" });
    const gone = await namespace.clients.core.readNamespace({ name: namespace.name }).catch((error) => error);
    expect(refusalStatus(gone)).toBe(404);
  });
});

/** Bash alone: the image has no curl. */
function reachHealth(url: string): string {
  const { hostname, port, host } = new URL(url);
  const request = `GET /api/health HTTP/1.0\\r\\nHost: ${host}\\r\\n\\r\\n`;
  return `exec 3<>/dev/tcp/${hostname}/${port}; printf '${request}' >&3; cat <&3`;
}
