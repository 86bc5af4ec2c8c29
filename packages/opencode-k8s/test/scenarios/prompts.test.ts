// What the real OpenCode is told, whole and as it is, and who must not learn of it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startScriptedModel } from "@paperclip-k8s/offline-agents";
import { describe, expect, it, vi } from "vitest";
import { NAMESPACE } from "../../../adapter-core/test/support/stage.ts";
import { createServerAdapter } from "../../src/index.ts";
import { after, openCodeStage, runOpenCode, runWithModel } from "../support/real-runs.ts";

vi.setConfig({ testTimeout: 300_000 });

const stage = openCodeStage();
const said = [{ kind: "text", text: "Said." }] as const;
const KIB = 1024;

it.each(["../../etc", "%2e%2e", "a\nb", "a\0b", ""])(
  "K5: a run, an agent or a company called %j is refused before anything is made",
  async (id) => {
    const before = stage().sandbox.requests.length;
    for (const field of ["runId", "agentId", "companyId"]) {
      const { result, asked } = await runOpenCode(said, { stage: stage(), [field]: id });
      expect(result).toMatchObject({ errorCode: "configuration_incomplete", exitCode: null });
      expect(result.errorMessage).toContain(`Invalid ${field}`);
      expect(asked).toEqual([]);
    }
    const made = stage().sandbox.requests.slice(before);
    expect(made.filter(({ verb }) => verb === "create")).toEqual([]);
  },
);

describe.concurrent("OpenCode", () => {
  it.each([
    ["129 KiB", 129 * KIB],
    ["1.2 MiB", 1.2 * KIB * KIB],
  ])("K2: is told a prompt of %s whole", async (_what, bytes) => {
    const prompt = `albatross ${"word ".repeat(bytes / 5)}toucan`;
    const { result, asked } = await runOpenCode(said, { stage: stage(), script: prompt });
    expect(result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Said." });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.includes(prompt)).toBe(true);
  });

  it("K3: prompt, instructions, key and token are in no Job, pod or event, and in nothing that the host stores", async () => {
    const instructionsFilePath = join(stage().root, "AGENTS.md");
    await writeFile(instructionsFilePath, "these-are-instructions");
    await using model = await startScriptedModel({ script: said });
    let objects = "";
    const { result, messages, meta } = await runWithModel(model, {
      ...{ stage: stage(), script: "this-is-the-prompt", config: { instructionsFilePath } },
      ctx: { authToken: "this-is-the-token" },
      onChunk: async (_stream, chunk) => {
        if (chunk.includes('"step_start"')) objects += await everythingInTheCluster();
      },
    });
    expect(result).toMatchObject({ exitCode: 0, errorCode: null });
    expect(model.requests[0]?.headers["x-api-key"]).toBe("offline-key");
    expect(JSON.stringify(model.requests[0]?.body)).toMatch(/these-are-instructions.*this-is-the-prompt/);
    expect(objects).toContain('"opencode","run"');
    const stored = JSON.stringify({ result, messages, meta });
    for (const secret of [
      "this-is-the-prompt",
      "these-are-instructions",
      "offline-key",
      "this-is-the-token",
    ]) {
      expect(objects).not.toContain(secret);
      expect(stored).not.toContain(secret);
    }
  });

  it("K6, R2, R3, R4: odd arguments are words to it; a wake in a resumed session stands alone, and unknown keys stay", async () => {
    const words = ["$(touch pwned)", "`id`", "a\nb", "'\"\\", "$$", "$(HOME)", "../..", "%2e", "*"];
    const config = { bootstrapPromptTemplate: "Bootstrap, pelican.", extraArgs: JSON.stringify(words) };
    const first = await runOpenCode(said, {
      ...{ stage: stage(), script: "Template, albatross.", config },
      sessionParams: { sessionId: "$(touch pwned)\n--help" },
    });
    expect(first.result).toMatchObject({ exitCode: 0, errorCode: null, summary: "Said." });
    expect(first.messages.join()).toContain("A fresh session is started");
    for (const word of words) expect(first.asked[0]).toContain(JSON.stringify(word).slice(1, -1));
    expect(first.asked[0]).toMatch(/pelican.*albatross/);

    const codec = createServerAdapter().sessionCodec;
    const { sessionParams, ...ids } = after(first);
    const stored = JSON.parse(JSON.stringify(codec?.serialize({ ...sessionParams, kept: { by: "others" } })));
    const issue = { id: "issue-1", identifier: "E-1", title: "The title of the issue" };
    const woken = await runOpenCode(said, {
      ...{ stage: stage(), script: "Template, toucan.", ...ids },
      config: { bootstrapPromptTemplate: "Bootstrap, heron." },
      sessionParams: codec?.deserialize(stored) ?? null,
      context: { paperclipWake: { reason: "issue_commented", issue } },
    });
    expect(woken.result).toMatchObject({ exitCode: 0, sessionId: first.result.sessionId });
    expect(woken.result.sessionParams).toMatchObject({ kept: { by: "others" } });
    expect(woken.asked[0]).toMatch(/albatross.*The title of the issue/);
    expect(woken.asked[0]).not.toMatch(/toucan|heron/);
    expect(woken.messages.join()).toContain("The prompt template is left out");
  });
});

// A test and no hook: the stage is closed after it, whatever it finds.
it("nothing is left of these runs", () => stage().nothingLeft());

/** What a person with the right to look sees of Jobs, pods and events. */
async function everythingInTheCluster(): Promise<string> {
  const paths = [`/apis/batch/v1/namespaces/${NAMESPACE}/jobs`, `/api/v1/namespaces/${NAMESPACE}/pods`];
  paths.push(`/api/v1/namespaces/${NAMESPACE}/events`);
  const answers = paths.map((path) => stage().transport.json({ method: "GET", path }));
  return JSON.stringify(await Promise.all(answers));
}
