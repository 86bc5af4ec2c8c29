import type { V1EnvFromSource, V1EnvVar, V1Pod } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { deleted } from "../../src/cluster/clients.ts";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { adapters } from "../../src/run/agents.ts";
import { runAgent } from "../../src/run/run-agent.ts";
import { useStage } from "../../src/run/use-stage.ts";
import { waitFor } from "../../src/wait-for.ts";

/** In every value that the host keeps to itself, however it gets it. */
const MARK = "host-hunter2";
const HOST_POD = "paperclip-0";
const KEPT = {
  literal: ["DATABASE_URL", "PAPERCLIP_AGENT_JWT_SECRET"],
  valueFrom: ["BETTER_AUTH_SECRET", "PGPASSWORD"],
  envFrom: ["PAPERCLIP_SECRETS_MASTER_KEY", "POSTGRES_PASSWORD", "SESSION_SECRET"],
} as const;

/** Looks everywhere that an agent may look; the mark is put together there, else its own prompt would have it. */
const SEARCH = `
mark=host-$(printf hunter)2
env | sed 's/^/env: /'
tr '\\0' '\\n' </proc/1/environ | sed 's/^/script: /'
find / \\( -path /proc -o -path /sys \\) -prune -o -type f -readable -size -4096k ! -path '*/*.pod.*' \\
  -exec grep -lF "$mark" {} + 2>/dev/null | sed 's/^/file: /'
find / -xdev -name host-secrets 2>/dev/null | sed 's/^/file: /'
cat /proc/mounts | sed 's/^/mount: /'
echo searched
`;

describeCluster("the secrets of the host's own pod (K4)", (cluster) => {
  const stage = useStage(cluster, { mayLeave: true });
  let hostEnvironment: Readonly<Record<string, string>>;
  beforeAll(async () => {
    hostEnvironment = await startHostPod();
  });
  afterAll(async () => {
    const { clients, name: namespace } = stage().namespace;
    await deleted(clients.core.deleteNamespacedPod({ namespace, name: HOST_POD, gracePeriodSeconds: 1 }));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** A pod as Paperclip's own, with secrets by every way there is; returns the variables that its process has. */
  async function startHostPod(): Promise<Record<string, string>> {
    const { clients, name: namespace } = stage().namespace;
    const secret = (name: string, names: readonly string[]) =>
      clients.core.createNamespacedSecret({
        namespace,
        body: {
          metadata: { name },
          type: "example.com/host",
          stringData: Object.fromEntries(names.map((key) => [key, `${MARK}-${key}`])),
        },
      });
    await secret("host-values", KEPT.valueFrom);
    await secret("host-secrets", KEPT.envFrom);
    const env = [
      ...KEPT.literal.map((name) => ({ name, value: `${MARK}-${name}` })),
      ...KEPT.valueFrom.map((key) => ({
        name: key,
        valueFrom: { secretKeyRef: { name: "host-values", key } },
      })),
      { name: "GIT_AUTHOR_NAME", value: "Inherited Author" },
    ];
    const envFrom = [{ secretRef: { name: "host-secrets" } }];
    await clients.core.createNamespacedPod({ namespace, body: hostPod(env, envFrom) });
    const log = await waitFor(
      async () => {
        const text = await clients.core.readNamespacedPodLog({ namespace, name: HOST_POD }).catch(() => "");
        return text.includes("told") ? text : undefined;
      },
      { what: "the host's own pod to run" },
    );
    return Object.fromEntries(
      log.split("\n").flatMap((line) => {
        const [, name, value] = /^([A-Z_0-9]+)=(.*)$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value]];
      }),
    );
  }

  function hostPod(env: V1EnvVar[], envFrom: V1EnvFromSource[]): V1Pod {
    const { user, claim, volumeFolder } = stage().namespace;
    return {
      metadata: { name: HOST_POD },
      spec: {
        ...{ automountServiceAccountToken: false, enableServiceLinks: false },
        securityContext: {
          ...{ runAsNonRoot: true, runAsUser: user.uid, runAsGroup: user.gid },
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "paperclip",
            image: String(stage().config["image"]),
            imagePullPolicy: "IfNotPresent",
            command: [
              "/bin/sh",
              "-c",
              "cat /etc/host-secrets/SESSION_SECRET; echo; env; echo told; exec sleep 3600",
            ],
            env,
            envFrom,
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            volumeMounts: [
              { name: "paperclip", mountPath: volumeFolder },
              { name: "host-secrets", mountPath: "/etc/host-secrets" },
            ],
          },
        ],
        volumes: [
          { name: "paperclip", persistentVolumeClaim: { claimName: claim } },
          { name: "host-secrets", secret: { secretName: "host-secrets" } },
        ],
      },
    };
  }

  test.for(["providers", "all"])("are nowhere in an agent's pod, with inheritEnv: %s", async (inheritEnv) => {
    const { name, kubeconfig, volumeFolder } = stage().namespace;
    const kept = Object.values(KEPT).flat();
    for (const variable of kept) expect(hostEnvironment[variable], variable).toContain(MARK);
    for (const [variable, value] of Object.entries(hostEnvironment))
      if (kept.includes(variable as never) || variable === "GIT_AUTHOR_NAME") vi.stubEnv(variable, value);
    vi.stubEnv("POD_NAME", HOST_POD);
    vi.stubEnv("POD_NAMESPACE", name);
    // Image and claim come from the host's own pod: what else of it might come is the question.
    const { result, stdout } = await runAgent({
      adapter: adapters.shell(),
      prompt: SEARCH,
      config: { kubeconfig, volumeHostPath: volumeFolder, inheritEnv },
    });
    expect(result).toMatchObject({ errorCode: null, exitCode: 0 });
    expect(stdout).toContain("searched\n");
    expect(stdout).toContain("env: GIT_AUTHOR_NAME=Inherited Author\n");
    expect(stdout).toMatch(/^mount: .* \/paperclip /m);
    expect(stdout).not.toContain(MARK);
    expect(stdout).not.toMatch(/^file: /m);
    for (const variable of kept) expect(stdout).not.toMatch(new RegExp(`^(env|script): ${variable}=`, "m"));
  });
});
