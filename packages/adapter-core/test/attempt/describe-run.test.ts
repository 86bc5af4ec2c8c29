import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils/types";
import { describe, expect, it } from "vitest";
import { describeRun, taskOf } from "../../src/attempt/describe-run.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { onVolume } from "../../src/environment/map-path.ts";
import { workingDirectory } from "../../src/environment/run-folders.ts";
import type { Connection } from "../../src/host/connection.ts";
import { placeRun } from "../../src/host/placement.ts";
import type { SkillBundle } from "../../src/skills/skill-bundle.ts";
import { fakeHost } from "../support/host.ts";
import { shell } from "../support/shell-agent.ts";

async function described(
  values: Readonly<Record<string, unknown>> = {},
  {
    context = {},
    sessionId = null as string | null,
    attempt = 1,
    definition = shell,
    companyId = "c1",
    agentId = "a1",
    bundle = null as SkillBundle | null,
  } = {},
) {
  const parsed = parseConfig(shell, {
    image: "example/agent:1",
    volumeClaim: "shared",
    promptTemplate: "Go.",
    ...values,
  });
  if (!parsed.ok) throw new Error(parsed.message);
  const { config } = parsed;
  const connection = { contextNamespace: "agents", selfPod: async () => null } as unknown as Connection;
  const host = fakeHost();
  const placed = await placeRun({ host, connection, config, jobPrefix: "sh-" });
  if (!placed.ok) throw new Error(placed.problems.join());
  const ctx: AdapterExecutionContext = {
    ...{ runId: "r1", config: {}, context, onLog: async () => {} },
    agent: { id: agentId, companyId, name: "A", adapterType: "shell_k8s", adapterConfig: {} },
    runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: null },
  };
  const directory = workingDirectory({ config, context, agentId });
  return describeRun({
    ...{ host, ctx, definition, config, placement: placed.placement, sessionId, attempt },
    ...{ observer: { observe: () => {} }, leases: { keep: () => {} }, workingDirectory: directory },
    skills: { bundle, notes: [] },
  });
}

describe("K9: with sub-path isolation", () => {
  it("the pod sees its run directory, its workspace and a home of its own, and nothing else", async () => {
    const context = { paperclipWorkspace: { cwd: "/data/projects/p1" } };
    const volume = { volumeHostPath: "/data", volumeMountPath: "/paperclip" };
    const { spec } = await described({ ...volume, subPathIsolation: true }, { context });
    expect(spec.volume).toEqual({
      ...{ claimName: "shared", mountPath: "/paperclip" },
      subPaths: [
        ...["instances/default/run-logs/c1/a1", "projects/p1"],
        "instances/default/companies/c1/agents/a1/home",
      ],
      readOnlySubPaths: [],
    });
    expect(spec.environment["HOME"]).toBe("/paperclip/instances/default/companies/c1/agents/a1/home");
    expect(spec.workingDirectory).toBe("/paperclip/projects/p1");
  });

  it("the pod sees its skills, and cannot change them", async () => {
    const place = onVolume({ volumeHostPath: "/data", volumeMountPath: "/paperclip" }, "skill-bundles/k1");
    const bundle = { key: "k1", files: [], parent: place, folder: place };
    const { spec } = await described({ subPathIsolation: true }, { bundle });
    expect(spec.volume.subPaths).toContain("skill-bundles/k1");
    expect(spec.volume.readOnlySubPaths).toEqual(["skill-bundles/k1"]);
  });

  it("is off by default: the whole volume is mounted", async () => {
    expect((await described()).spec.volume).toMatchObject({ subPaths: [] });
  });
});

it("K9: with sub-path isolation another company's run has no folder in common with it", async () => {
  const paths = async (companyId: string, agentId: string) =>
    (await described({ subPathIsolation: true }, { companyId, agentId })).spec.volume.subPaths ?? [];
  const [one, other] = [await paths("c1", "a1"), await paths("c2", "a2")];
  for (const path of one) {
    for (const of of other)
      expect(`${of}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${of}/`)).toBe(false);
  }
});

it("a lease, a pod template and its relaxations are the description's", async () => {
  const podTemplate = { spec: { hostNetwork: true } };
  const { spec } = await described({
    leaseSec: "60",
    podTemplate: JSON.stringify(podTemplate),
    relaxSecurity: "HostNetwork, volumeTypes",
  });
  expect(spec.bounds.leaseSec).toBe(60);
  expect(spec.podTemplate).toEqual(podTemplate);
  expect(spec.relaxSecurity).toEqual(["hostNetwork", "volumeTypes"]);
});

it("identity, attempt and session are the attempt's own", async () => {
  const { spec } = await described({}, { sessionId: "s-1", attempt: 2, context: { taskId: "t1" } });
  expect(spec.identity).toEqual({
    ...{ adapterType: "shell_k8s", companyId: "c1", agentId: "a1", runId: "r1" },
    ...{ taskId: "t1", sessionId: "s-1", attempt: 2 },
  });
  expect(spec.command).toContain("--resume");
});

it("a retained Job has no time to live; any other has the configured one", async () => {
  const ttl = async (values: object) => (await described({ ...values })).spec.ttlSecondsAfterFinished;
  expect(await ttl({ retainJobs: true })).toBeNull();
  expect(await ttl({ ttlSecondsAfterFinished: 60 })).toBe(60);
});

it("instructions travel as text, at a path of the pod", async () => {
  const folder = await mkdtemp(join(tmpdir(), "instructions-"));
  const path = join(folder, "AGENTS.md");
  await writeFile(path, "Be brief.");
  const { spec, input } = await described({ instructionsFilePath: path });
  await rm(folder, { recursive: true });
  expect(spec.files).toEqual({ instructions: "Be brief." });
  expect(input.filePath("instructions")).toBe("/run/paperclip/files/instructions");
  expect(JSON.stringify(spec.command)).not.toContain(folder);
});

it("a preamble stands in front of the prompt", async () => {
  const definition = { ...shell, preamble: () => "Standing instructions." };
  expect((await described({}, { definition })).spec.prompt).toBe("Standing instructions.\n\nGo.");
});

it("says what people should know: a workspace that no pod can see", async () => {
  const { notes, spec } = await described(
    {},
    { context: { paperclipWorkspace: { cwd: "/home/somebody/work" } } },
  );
  expect(notes).toEqual([expect.stringContaining("/home/somebody/work is not on the shared volume")]);
  expect(spec.workingDirectory).toBe("/paperclip/instances/default/workspaces/a1");
});

it.each([
  [{ taskId: "t", issueId: "i", taskKey: "k" }, "r", "t"],
  [{ issueId: "i", taskKey: "k" }, "r", "i"],
  [{ taskKey: "k" }, "r", "r"],
  [{ taskKey: "k" }, null, "k"],
  [{}, null, null],
])("the task of %j with the runtime's key %s is %s", (context, taskKey, task) => {
  const runtime = { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey };
  expect(taskOf({ context, runtime })).toBe(task);
});
