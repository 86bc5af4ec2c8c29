// Configs as `paperclip-adapter-opencode-k8s` 0.1 and forks have left them in Paperclip's database.
import { parseConfig } from "@paperclip-k8s/adapter-core";
import { describe, expect, it } from "vitest";
import { sessionToResume } from "../../adapter-core/src/session/session-to-resume.ts";
import { builtJob, paperclipPod } from "../../adapter-core/test/support/adapters/built-job.ts";
import { testMigrationPage } from "../../adapter-core/test/support/adapters/migration-page.ts";
import { opencode } from "../src/definition.ts";
import { ends } from "../src/errors.ts";
import { createServerAdapter } from "../src/index.ts";

const session = "ses_defb03356ffe6tKiOZYigLAmCS";
const workspace = "/paperclip/instances/default/workspaces/agent-1";

/** What the host's form of 0.1.38 stores for a new agent when only the model, the arguments and a storage class are given. */
const untouched = {
  model: "anthropic/claude-sonnet-4-6",
  extraArgs: ["--agent", "build"],
  thinkingEffort: "high",
  dangerouslySkipPermissions: true,
  agentDbMode: "dedicated_pvc",
  agentDbStorageClass: "longhorn",
  agentDbStorageCapacity: "1Gi",
  imagePullPolicy: "IfNotPresent",
  ttlSecondsAfterFinished: 300,
  retainJobs: false,
  reattachOrphanedJobs: false,
};

/** What it stores when every field has been filled in: dotted keys, texts, lines, and JSON as text. */
const filled = {
  ...untouched,
  variant: "high",
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
  ...{ model: " anthropic/claude-sonnet-4-6 ", variant: "high", image: "example/agent:2" },
  ...{ serviceAccountName: "agent-runner", extraArgs: ["--agent", "build"] },
  ...{ timeoutSec: "3600", graceSec: "15", imagePullPolicy: "IfNotPresent" },
  ...{ ttlSecondsAfterFinished: "300", retainJobs: "false", reattachOrphanedJobs: "false" },
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
    const { model, extraArgs, imagePullPolicy } = untouched;
    const set = { model, extraArgs, imagePullPolicy, reattachOrphanedJobs: false };
    const defaults = parseConfig(opencode, set);
    expect(defaults).toMatchObject({ ok: true, config: { ttlSecondsAfterFinished: 300 } });
    expect(parseConfig(opencode, untouched)).toEqual(defaults);
  });

  it.each([
    ["by the form", filled],
    ["nested, with texts for numbers", nested],
    ["as JSON in texts", json],
  ])("that was stored %s is the Job's", async (_how, stored) => {
    const { config, job, spec } = await builtJob(opencode, stored);
    expect(config).toMatchObject({ timeoutSec: 3600, graceSec: 15, reattachOrphanedJobs: false });
    expect(spec.command.join(" ")).toMatch(
      /^opencode run --format json .* --model anthropic\/claude-sonnet-4-6 --variant high --agent build$/,
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
    const { job, spec } = await builtJob(opencode, {});
    const pod = job.spec?.template.spec;
    expect(pod?.containers[0]?.image).toBe("example/paperclip:1");
    expect(pod?.containers[0]?.resources).toEqual({ requests: {}, limits: {} });
    expect(pod?.nodeSelector).toEqual(paperclipPod.spec?.nodeSelector);
    expect(pod?.tolerations).toEqual(paperclipPod.spec?.tolerations);
    expect(spec.volume).toMatchObject({ claimName: "paperclip-data", mountPath: "/paperclip" });
  });

  it("comes to a Job that is told from a predecessor's by a label, and seen by its guard", async () => {
    const { job } = await builtJob(opencode, filled);
    expect(job.metadata?.labels).toMatchObject({
      "paperclip.io/instance": expect.any(String),
      ...{ "paperclip.io/adapter-type": "opencode_k8s", "paperclip.io/agent-id": "agent-1" },
    });
  });

  it("keeps its variables out of the Job, and does not override the run's own by them", async () => {
    const env = { OPENAI_API_KEY: "sk-1", DEPTH: 3, FAST: true, PAPERCLIP_API_URL: "http://paperclip:3100" };
    const own = { PAPERCLIP_RUN_ID: "mine", PAPERCLIP_API_KEY: "mine", HOME: "/root" };
    const { spec, job } = await builtJob(opencode, { env: { ...env, ...own } });
    expect(spec.environment).toMatchObject({
      ...{ OPENAI_API_KEY: "sk-1", DEPTH: "3", FAST: "true", PAPERCLIP_API_URL: "http://paperclip:3100" },
      ...{ PAPERCLIP_RUN_ID: "run-1", HOME: "/paperclip" },
    });
    expect(spec.environment).not.toHaveProperty("PAPERCLIP_API_KEY");
    expect(JSON.stringify(job)).not.toContain("sk-1");
  });

  it("brings neither its database nor its claim into the pod, whatever its mode was", async () => {
    for (const agentDbMode of ["dedicated_pvc", "workspace_subpath", "ephemeral"]) {
      const { spec, job } = await builtJob(opencode, { ...untouched, agentDbMode });
      expect(spec.environment).not.toHaveProperty("OPENCODE_DB");
      expect(spec.environment["XDG_DATA_HOME"]).toBe(
        "/paperclip/instances/default/companies/company-1/agents/agent-1/opencode",
      );
      const claims = job.spec?.template.spec?.volumes?.map(
        (volume) => volume.persistentVolumeClaim?.claimName,
      );
      expect(claims?.filter(Boolean)).toEqual(["paperclip-data"]);
    }
  });

  it("is asked for its session all the same: OpenCode says that it has none, and the run starts afresh", () => {
    const stored = {
      sessionId: session,
      cwd: workspace,
      workspaceId: "w-1",
      needsCompactBeforeNextRun: true,
    };
    const sessionParams = createServerAdapter().sessionCodec?.deserialize(stored) ?? null;
    expect(sessionParams).toEqual(stored);
    const resumed = sessionToResume({
      runtime: { sessionId: null, sessionParams },
      expectations: { podDirectory: workspace, skillsKey: null },
      idPattern: opencode.sessionIdPattern,
    });
    expect(resumed.sessionId).toBe(session);
  });

  it("gets its MCP servers by OpenCode's own config in its variables", async () => {
    const mcp = { github: { type: "local", command: ["gh-mcp"] } };
    const stored = { mcpServers: { github: { command: "gh-mcp" } } };
    const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ mcp }) };
    const { spec } = await builtJob(opencode, { ...stored, env });
    expect(JSON.parse(spec.environment["OPENCODE_CONFIG_CONTENT"] ?? "")).toEqual({ mcp });
    expect(spec.files?.["opencode.json"]).not.toContain("gh-mcp");
  });

  it.each([
    ["labels", "paperclip.io/team=a"],
    ["labels", "team=Team A"],
  ])("is refused where %s is %j, and the message names it", async (field, value) => {
    await expect(builtJob(opencode, { [field]: value })).rejects.toThrow(new RegExp(`^${field} has `));
  });

  it.each([
    ["nodeSelector", "disktype: ssd"],
    ["tolerations", "- key: agents\n  operator: Exists"],
    ["graceSec", 7200],
    ["env", { "my-var": "1" }],
    ["kubeconfig", "apiVersion: v1\nkind: Config"],
  ])("is refused where %s is %j, by name", (field, value) => {
    const parsed = parseConfig(opencode, { [field]: value });
    expect(parsed).toMatchObject({ ok: false, problems: [{ field: expect.stringMatching(`^${field}`) }] });
  });
});

testMigrationPage({
  definition: opencode,
  agent: "OpenCode",
  errors: ends.errors,
  predecessors: [
    ...["model", "variant", "dangerouslySkipPermissions", "extraArgs", "env", "cwd", "instructionsFilePath"],
    ...["promptTemplate", "bootstrapPromptTemplate", "timeoutSec", "graceSec", "resumeLastSession"],
    ...["namespace", "image", "imagePullPolicy", "kubeconfig", "serviceAccountName", "resources"],
    ...["nodeSelector", "tolerations", "labels", "ttlSecondsAfterFinished", "retainJobs"],
    ...["reattachOrphanedJobs", "secretRef", "agentDbMode", "agentDbStorageClass", "agentDbStorageCapacity"],
    ...["opencodeDbMode", "opencodeDbPath"],
    // Forks.
    ...["mcpServers", "enableDocker", "dockerImage", "dockerCpuLimit", "dockerMemoryLimit", "providers"],
    ...["workspaceVolumeClaim", "workspaceMountPath", "secretsNamespace", "compactThreshold"],
    ...["envGuardPlugin", "ponytailPluginPath", "ponytailDefaultMode", "agentCommand", "opencodeVersion"],
    ...["isolation", "runIsolation", "k8sRunIsolation", "instructionsBundleMode", "instructionsRootPath"],
    // Stored by the host's form.
    ...["thinkingEffort", "command", "effort"],
  ],
});
