// Configs as `paperclip-adapter-opencode-k8s` 0.1 and forks have left them in Paperclip's database.
import { describe, expect, it } from "vitest";
import { sessionToResume } from "../../adapter-core/src/session/session-to-resume.ts";
import { builtJob } from "../../adapter-core/test/support/adapters/built-job.ts";
import { testMigrationPage } from "../../adapter-core/test/support/adapters/migration-page.ts";
import { testPredecessorConfig } from "../../adapter-core/test/support/adapters/predecessor-config.ts";
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

const { model, extraArgs, imagePullPolicy, reattachOrphanedJobs } = untouched;

testPredecessorConfig({
  definition: opencode,
  untouched,
  kept: { model, extraArgs, imagePullPolicy, reattachOrphanedJobs },
  own: {
    filled: { variant: "high" },
    nested: {
      ...{ model: ` ${model} `, extraArgs, variant: "high" },
      ...{ ttlSecondsAfterFinished: "300", retainJobs: "false", reattachOrphanedJobs: "false" },
    },
  },
  config: { reattachOrphanedJobs: false },
  command:
    /^opencode run --format json .* --model anthropic\/claude-sonnet-4-6 --variant high --agent build$/,
  keyVariable: "OPENAI_API_KEY",
});

describe("a config of OpenCode's predecessor", () => {
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
