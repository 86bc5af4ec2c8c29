import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wantedSkills } from "../../src/skills/wanted-skills.ts";
import { skillOnHost } from "../support/skills.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "skills-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("the skills of a run", () => {
  it("are those that the agent's config asks for, by name", async () => {
    const entries = [
      await skillOnHost(folder, "review", { "SKILL.md": "r" }),
      await skillOnHost(folder, "deploy", { "SKILL.md": "d" }),
      await skillOnHost(folder, "unwanted", { "SKILL.md": "u" }),
    ];
    const wanted = await wantedSkills({
      paperclipRuntimeSkills: entries,
      paperclipSkillSync: { desiredSkills: ["acme/review", { key: "acme/deploy", versionId: null }] },
    });
    expect(wanted).toEqual({
      skills: [
        { name: "deploy", source: join(folder, "deploy") },
        { name: "review", source: join(folder, "review") },
      ],
      notes: [],
    });
  });

  it("have the host's operational skill among them, asked for or not", async () => {
    const operational = await skillOnHost(folder, "paperclip", { "SKILL.md": "p" });
    const { skills } = await wantedSkills({
      paperclipRuntimeSkills: [{ ...operational, key: "paperclipai/paperclip/paperclip" }],
    });
    expect(skills).toEqual([{ name: "paperclip", source: join(folder, "paperclip") }]);
  });

  it("are none where the host names none, whatever lies beside the adapter", async () => {
    expect(await wantedSkills({})).toEqual({ skills: [], notes: [] });
  });

  it("leave out, with a word, what is missing, unreadable, unsafe or there twice", async () => {
    const first = await skillOnHost(folder, "twice", { "SKILL.md": "1" });
    const entries = [
      first,
      { ...(await skillOnHost(folder, "other", { "SKILL.md": "2" })), runtimeName: "twice" },
      { key: "acme/out", runtimeName: "../out", source: folder },
      { key: "acme/gone", runtimeName: "gone", source: join(folder, "gone") },
      {
        key: "acme/lost",
        runtimeName: "lost",
        source: "/nowhere",
        sourceStatus: "missing",
        missingDetail: "no version 3",
      },
    ];
    const keys = ["acme/twice", "acme/other", "acme/out", "acme/gone", "acme/lost", "acme/unheard-of"];
    const { skills, notes } = await wantedSkills({
      paperclipRuntimeSkills: entries,
      paperclipSkillSync: { desiredSkills: keys },
    });
    expect(skills.map(({ name }) => name)).toEqual(["twice"]);
    expect(notes).toEqual([
      "Skill acme/other is left out: another one is called twice.",
      'Skill acme/out is left out: "../out" is no name of a folder.',
      `Skill acme/gone is left out: ${join(folder, "gone")} cannot be read on the Paperclip host (ENOENT).`,
      "Skill acme/lost is left out: no version 3.",
      "Skill acme/unheard-of is left out: the host does not have it.",
    ]);
  });
});
