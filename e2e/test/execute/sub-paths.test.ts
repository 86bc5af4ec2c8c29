import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Step } from "@paperclip-k8s/offline-agents";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { runAgent } from "../../src/run/run-agent.ts";
import { useStage } from "../../src/run/use-stage.ts";

const SKILL = "---\nname: review\ndescription: Reviews.\n---\nRead slowly.\n";

/** Tells by exit statuses and counts what the agent may do, since the model's call itself is in the output, too. */
const TRY = `
touch mine; echo "own folder: $?"
skill=$(find / -path '*/skills/review/SKILL.md' 2>/dev/null | head -n 1); tail -n 1 "$skill"
echo more >>"$skill"; echo "changed skill: $?"
touch "$(dirname "$skill")/planted"
echo "folders of others: $(find /paperclip -name 'of-another*' 2>/dev/null | wc -l)"
`;

const steps: readonly Step[] = [
  { kind: "tool", name: "Bash", input: { command: TRY, description: "Try what it may do" } },
  { kind: "text", text: "That was all." },
];

describeCluster("sub-path isolation", (cluster) => {
  const stage = useStage(cluster, { script: steps });
  let onHost: string;
  beforeAll(async () => {
    onHost = await mkdtemp(join(tmpdir(), "skills-"));
  });
  afterAll(() => rm(onHost, { recursive: true }));

  test("an agent sees its own folders alone, works there, and can change no skill", async () => {
    const { volumeFolder } = stage().namespace;
    await mkdir(join(volumeFolder, "of-another-agent"));
    const source = join(onHost, "review");
    await mkdir(source);
    await writeFile(join(source, "SKILL.md"), SKILL);
    const { result, stdout, companyId, agentId } = await runAgent({
      prompt: "Try.",
      config: {
        ...stage().config,
        subPathIsolation: true,
        paperclipRuntimeSkills: [{ key: "acme/review", runtimeName: "review", source }],
        paperclipSkillSync: { desiredSkills: ["acme/review"] },
      },
    });
    expect(result).toMatchObject({ errorCode: null, exitCode: 0, summary: "That was all." });
    for (const line of [
      "own folder: 0",
      "Read slowly.",
      "changed skill: 1",
      // Whoever owns the folder: where the host has the agent's own uid, nothing else keeps it out.
      "planted': Read-only file system",
      "folders of others: 0",
    ])
      expect(stdout).toContain(line);
    const workspace = join(volumeFolder, "instances/default/workspaces", agentId);
    expect(await readdir(workspace)).toContain("mine");
    const bundles = join(volumeFolder, "instances/default/companies", companyId, "skill-bundles");
    const [key = ""] = await readdir(bundles);
    const placed = join(bundles, key, ".claude/skills/review");
    expect(await readdir(placed)).toEqual(["SKILL.md"]);
    expect(await readFile(join(placed, "SKILL.md"), "utf8")).toBe(SKILL);
  });
});
