import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { shellOn } from "../../src/run/run-shell.ts";
import { useStage } from "../../src/run/use-stage.ts";

describeCluster("a pod template of an operator", (cluster) => {
  const stage = useStage(cluster);
  const runShell = shellOn(stage);

  test("adds an init container, a sidecar that outlives the agent, variables and a volume (C16)", async () => {
    const { image } = stage().config as { image: string };
    const podTemplate = {
      metadata: { labels: { team: "blue" } },
      spec: {
        initContainers: [
          {
            name: "fetch",
            image,
            command: ["/bin/sh", "-c", "id -u >/tmp/fetched"],
            volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
          },
        ],
        containers: [
          {
            name: "agent",
            env: [{ name: "LABELS", valueFrom: { fieldRef: { fieldPath: "metadata.labels['team']" } } }],
            volumeMounts: [{ name: "shm", mountPath: "/dev/shm" }],
          },
          { name: "mesh", image, command: ["/bin/sh", "-c", "sleep 600"] },
        ],
        volumes: [{ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "8Mi" } }],
        hostAliases: [{ ip: "10.1.2.3", hostnames: ["registry.internal"] }],
      },
    };
    const script =
      'cat /tmp/fetched; echo "$LABELS"; echo x >/dev/shm/x && cat /dev/shm/x; grep -c registry.internal /etc/hosts';
    const { result, stdout } = await runShell(script, {
      config: { podTemplate: JSON.stringify(podTemplate) },
    });
    expect(result).toMatchObject({ exitCode: 0, errorCode: null });
    expect(stdout).toMatch(/^[1-9][0-9]*\nblue\nx\n1\n$/);
  });

  test("that asks for more than Pod Security restricted is refused before the cluster is asked", async () => {
    const podTemplate = { spec: { containers: [{ name: "agent", securityContext: { privileged: true } }] } };
    const { result } = await runShell("echo never", { config: { podTemplate } });
    expect(result).toMatchObject({ errorCode: "configuration_incomplete" });
    expect(result.errorMessage).toContain(
      "podTemplate.spec.containers[0].securityContext.privileged is true",
    );
    const relaxed = await runShell("echo never", { config: { podTemplate, relaxSecurity: "privileged" } });
    expect(relaxed.result).toMatchObject({ errorCode: "k8s_admission_denied" });
  });

  test("with a lease, an agent whose host is there works on beyond it", async () => {
    const { result, stdout } = await runShell("sleep 20; echo done", { config: { leaseSec: 15 } });
    expect(stdout).toBe("done\n");
    expect(result).toMatchObject({ exitCode: 0, errorCode: null });
  });
});
