// Configs as `paperclip-adapter-claude-k8s` 0.1, 0.2 and forks have left them in Paperclip's database.
import { parseConfig } from "@paperclip-k8s/adapter-core";
import { describe, expect, it } from "vitest";
import { sessionToResume } from "../../adapter-core/src/session/session-to-resume.ts";
import { builtJob, paperclipPod } from "../../adapter-core/test/support/adapters/built-job.ts";
import { testMigrationPage } from "../../adapter-core/test/support/adapters/migration-page.ts";
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

/** What it stores when every field has been filled in: dotted keys, texts, lines, and JSON as text. */
const filled = {
  ...untouched,
  effort: "high",
  serviceAccountName: "agent-runner",
  image: "example/agent:2",
  kubeconfig: "",
  "resources.requests.cpu": "500m",
  "resources.requests.memory": "1Gi",
  "resources.limits.cpu": "2",
  "resources.limits.memory": "4Gi",
  nodeSelector: "disktype=ssd\n# the fast ones\nexample.com/pool = agents\n",
  tolerations: '[{"key":"agents","operator":"Exists","effect":"NoSchedule"}]',
  labels: "team=a\ncost-center = 42",
  timeoutSec: 3600,
  graceSec: 15,
};

/** The same by the API: nested, with texts for numbers and switches. */
const nested = {
  ...{
    model: "claude-opus-4-7",
    effort: "high",
    image: "example/agent:2",
    serviceAccountName: "agent-runner",
  },
  extraArgs: ["--disallowedTools", "Task"],
  ...{ maxTurnsPerRun: "1000", timeoutSec: "3600", graceSec: "15", imagePullPolicy: "IfNotPresent" },
  ...{ ttlSecondsAfterFinished: "0", retainJobs: "false", reattachOrphanedJobs: "true" },
  resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: 2, memory: "4Gi" } },
  nodeSelector: { disktype: "ssd", "example.com/pool": "agents" },
  tolerations: [{ key: "agents", operator: "Exists", effect: "NoSchedule" }],
  labels: { team: "a", "cost-center": 42 },
};

/** And with all that has a structure as JSON in a text. */
const json = {
  ...nested,
  resources: JSON.stringify(nested.resources),
  nodeSelector: JSON.stringify(nested.nodeSelector),
  tolerations: JSON.stringify(nested.tolerations),
  labels: JSON.stringify(nested.labels),
  extraArgs: JSON.stringify(nested.extraArgs),
};

describe("a predecessor's config", () => {
  it("of an agent that was made with the form has the defaults where nobody has touched it", () => {
    const { model, extraArgs, maxTurnsPerRun, imagePullPolicy } = untouched;
    const defaults = parseConfig(claude, { model, extraArgs, maxTurnsPerRun, imagePullPolicy });
    expect(defaults).toMatchObject({ ok: true, config: { ttlSecondsAfterFinished: 300 } });
    expect(parseConfig(claude, untouched)).toEqual(defaults);
  });

  it.each([
    ["by the form", filled],
    ["nested, with texts for numbers", nested],
    ["as JSON in texts", json],
  ])("that was stored %s is the Job's", async (_how, stored) => {
    const { config, job, spec } = await builtJob(claude, stored);
    expect(config).toMatchObject({ maxTurnsPerRun: 1000, timeoutSec: 3600, graceSec: 15, retainJobs: false });
    expect(spec.command.slice(1).join(" ")).toBe(
      "--print --output-format stream-json --verbose --dangerously-skip-permissions --model claude-opus-4-7 --effort high --max-turns 1000 --disallowedTools Task",
    );
    expect(job.metadata).toMatchObject({
      ...{ namespace: "paperclip", labels: { team: "a", "cost-center": "42" } },
    });
    expect(job.spec).toMatchObject({ ttlSecondsAfterFinished: 300 });
    const pod = job.spec?.template;
    expect(pod?.metadata?.labels).toMatchObject({ team: "a", "cost-center": "42" });
    expect(pod?.spec).toMatchObject({
      serviceAccountName: "agent-runner",
      automountServiceAccountToken: false,
      nodeSelector: { disktype: "ssd", "example.com/pool": "agents" },
      tolerations: [{ key: "agents", operator: "Exists", effect: "NoSchedule" }],
      imagePullSecrets: [{ name: "registry" }],
    });
    expect(pod?.spec?.containers[0]).toMatchObject({
      ...{ image: "example/agent:2", imagePullPolicy: "IfNotPresent" },
      resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "2", memory: "4Gi" } },
    });
  });

  it("that says nothing takes over the Paperclip pod's image, claim and nodes, and asks for no resources", async () => {
    const { job, spec } = await builtJob(claude, {});
    const pod = job.spec?.template.spec;
    expect(pod?.containers[0]?.image).toBe("example/paperclip:1");
    expect(pod?.containers[0]?.resources).toEqual({ requests: {}, limits: {} });
    expect(pod?.nodeSelector).toEqual(paperclipPod.spec?.nodeSelector);
    expect(pod?.tolerations).toEqual(paperclipPod.spec?.tolerations);
    expect(spec.volume).toMatchObject({ claimName: "paperclip-data", mountPath: "/paperclip" });
  });

  it("frees agents of the Paperclip pod's nodes by {} and []", async () => {
    for (const [nodeSelector, tolerations] of [
      [{}, []],
      ["{}", "[]"],
    ]) {
      const { job } = await builtJob(claude, { nodeSelector, tolerations });
      expect(job.spec?.template.spec?.nodeSelector ?? {}).toEqual({});
      expect(job.spec?.template.spec?.tolerations ?? []).toEqual([]);
    }
  });

  it("comes to a Job that is told from a predecessor's by a label, and seen by its guard", async () => {
    const { job } = await builtJob(claude, filled);
    expect(job.metadata?.labels).toMatchObject({
      "paperclip.io/instance": expect.any(String),
      ...{ "paperclip.io/adapter-type": "claude_k8s", "paperclip.io/agent-id": "agent-1" },
    });
  });

  it("keeps its variables out of the Job, and does not override the run's own by them", async () => {
    const env = {
      ANTHROPIC_API_KEY: "sk-1",
      DEPTH: 3,
      FAST: true,
      PAPERCLIP_API_URL: "http://paperclip:3100",
    };
    const own = { PAPERCLIP_RUN_ID: "mine", PAPERCLIP_API_KEY: "mine", HOME: "/root" };
    const { spec, job } = await builtJob(claude, { env: { ...env, ...own } });
    expect(spec.environment).toMatchObject({
      ...{ ANTHROPIC_API_KEY: "sk-1", DEPTH: "3", FAST: "true", PAPERCLIP_API_URL: "http://paperclip:3100" },
      ...{ PAPERCLIP_RUN_ID: "run-1", HOME: "/paperclip" },
    });
    expect(spec.environment).not.toHaveProperty("PAPERCLIP_API_KEY");
    expect(JSON.stringify(job)).not.toContain("sk-1");
  });

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
    const { spec } = await builtJob(claude, filled, { context, sessionId: resumed.sessionId });
    expect(spec).toMatchObject({ workingDirectory: workspace, environment: { HOME: "/paperclip" } });
    expect(spec.command.join(" ")).toContain(`--resume ${session}`);
  });

  it.each([
    ["labels", "paperclip.io/team=a"],
    ["labels", "team=Team A"],
  ])("is refused where %s is %j, and the message names it", async (field, value) => {
    await expect(builtJob(claude, { [field]: value })).rejects.toThrow(new RegExp(`^${field} has `));
  });

  it.each([
    ["nodeSelector", "disktype: ssd"],
    ["tolerations", "- key: agents\n  operator: Exists"],
    ["graceSec", 7200],
    ["env", { "my-var": "1" }],
  ])("is refused where %s is %j, by name", (field, value) => {
    const parsed = parseConfig(claude, { [field]: value });
    expect(parsed).toMatchObject({ ok: false, problems: [{ field: expect.stringMatching(`^${field}`) }] });
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
