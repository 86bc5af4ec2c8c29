// Configs as `paperclip-adapter-claude-k8s` 0.1, 0.2 and forks have left them in Paperclip's database.
import { describe, expect, it } from "vitest";
import { sessionToResume } from "../../adapter-core/src/session/session-to-resume.ts";
import { builtJob } from "../../adapter-core/test/support/adapters/built-job.ts";
import { testMigrationPage } from "../../adapter-core/test/support/adapters/migration-page.ts";
import { testPredecessorConfig } from "../../adapter-core/test/support/adapters/predecessor-config.ts";
import { claude } from "../src/definition.ts";
import { ends } from "../src/errors.ts";
import { createServerAdapter } from "../src/index.ts";

const session = "00000000-0000-4000-8000-000000000001";
const workspace = "/paperclip/instances/default/workspaces/agent-1";

/** What the host's form of 0.2.5 stores for a new agent when only the model and the arguments are given. */
const untouched = {
  model: "claude-opus-4-7",
  extraArgs: ["--disallowedTools", "Task"],
  thinkingEffort: "high",
  maxTurnsPerRun: 1000,
  imagePullPolicy: "IfNotPresent",
  ttlSecondsAfterFinished: 0,
  retainJobs: false,
  reattachOrphanedJobs: true,
  enableDocker: false,
};

const { model, extraArgs, maxTurnsPerRun, imagePullPolicy } = untouched;

testPredecessorConfig({
  definition: claude,
  untouched,
  kept: { model, extraArgs, maxTurnsPerRun, imagePullPolicy },
  own: {
    filled: { effort: "high" },
    nested: {
      ...{ model, extraArgs, effort: "high", maxTurnsPerRun: "1000" },
      ...{ ttlSecondsAfterFinished: "0", retainJobs: "false", reattachOrphanedJobs: "true" },
    },
  },
  config: { maxTurnsPerRun: 1000, retainJobs: false },
  command:
    /^\S+ --print --output-format stream-json --verbose --dangerously-skip-permissions --model claude-opus-4-7 --effort high --max-turns 1000 --disallowedTools Task$/,
  keyVariable: "ANTHROPIC_API_KEY",
});

describe("a config of Claude Code's predecessor", () => {
  it("hands its MCP servers over, and no others", async () => {
    const mcpServers = { github: { command: "gh-mcp", args: ["--read-only"] } };
    const { spec } = await builtJob(claude, { mcpServers });
    expect(JSON.parse(spec.files?.["mcp.json"] ?? "")).toEqual({ mcpServers });
    expect(spec.command).toContain("--strict-mcp-config");
  });

  it("works in the same folder and home as before, so that its sessions go on", async () => {
    const stored = {
      ...{ sessionId: session, cwd: workspace, workspaceId: "w-1" },
      ...{ repoUrl: "https://example.com/r.git", repoRef: "main", promptBundleKey: "b-1" },
    };
    const sessionParams = createServerAdapter().sessionCodec?.deserialize(stored) ?? null;
    expect(sessionParams).toEqual(stored);
    const resumed = sessionToResume({
      runtime: { sessionId: null, sessionParams },
      expectations: { podDirectory: workspace, skillsKey: "k-1" },
      idPattern: claude.sessionIdPattern,
    });
    expect(resumed.sessionId).toBe(session);
    const context = { paperclipWorkspace: { cwd: workspace, source: "project_primary" } };
    const { spec } = await builtJob(claude, untouched, { context, sessionId: resumed.sessionId });
    expect(spec).toMatchObject({ workingDirectory: workspace, environment: { HOME: "/paperclip" } });
    expect(spec.command.join(" ")).toContain(`--resume ${session}`);
  });

  it("of an agent with Docker is met by a pod template", async () => {
    const docker = { name: "docker", mountPath: "/docker" };
    const podTemplate = {
      spec: {
        initContainers: [
          {
            ...{ name: "dind", image: "docker:28-dind", restartPolicy: "Always", volumeMounts: [docker] },
            args: ["dockerd", "--host=unix:///docker/docker.sock", "--group=1000"],
            securityContext: { privileged: true, runAsUser: 0, runAsNonRoot: false },
          },
        ],
        containers: [
          {
            ...{ name: "agent", volumeMounts: [docker] },
            env: [{ name: "DOCKER_HOST", value: "unix:///docker/docker.sock" }],
          },
        ],
        volumes: [{ name: "docker", emptyDir: {} }],
      },
    };
    const stored = { enableDocker: true, dockerMemoryLimit: "4Gi" };
    const { job } = await builtJob(claude, {
      ...stored,
      podTemplate: JSON.stringify(podTemplate),
      relaxSecurity: "privileged, runAsRoot",
    });
    const pod = job.spec?.template.spec;
    expect(pod?.initContainers).toMatchObject([{ name: "dind", restartPolicy: "Always" }]);
    expect(pod?.containers[0]?.volumeMounts).toContainEqual(docker);
    expect((await builtJob(claude, stored)).job.spec?.template.spec?.initContainers ?? []).toEqual([]);
  });
});

testMigrationPage({
  definition: claude,
  agent: "Claude",
  errors: ends.errors,
  predecessors: [
    ...["model", "effort", "maxTurnsPerRun", "dangerouslySkipPermissions", "extraArgs", "env", "cwd"],
    ...["instructionsFilePath", "promptTemplate", "bootstrapPromptTemplate", "timeoutSec", "graceSec"],
    ...["namespace", "image", "imagePullPolicy", "kubeconfig", "serviceAccountName", "resources"],
    ...["nodeSelector", "tolerations", "labels", "ttlSecondsAfterFinished", "retainJobs"],
    ...["reattachOrphanedJobs", "secretRef", "enableRtk", "rtkMaxOutputBytes"],
    // Forks.
    ...["mcpServers", "enableDocker", "dockerImage", "dockerCpuLimit", "dockerMemoryLimit", "providers"],
    ...["workspaceVolumeClaim", "workspaceMountPath", "secretsNamespace", "claudeCodeVersion"],
    ...["isolationMode", "isolationKey", "isolationRoot", "homeRoot", "sessionRoot", "workspaceRoot"],
    ...["cacheRoot", "tmpRoot", "promptCacheRoot", "serviceAccount", "pvcName", "jobTtlSec", "args"],
    // Stored by the host's form.
    ...["thinkingEffort", "command"],
  ],
});
