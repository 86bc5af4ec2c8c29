// A run's skills as one folder that never changes: its name is a digest of its content.

import { AdapterCoreError } from "../adapter-core-error.ts";
import type { CoreConfig } from "../config/core-config.ts";
import { onVolume, type SharedPath } from "../environment/map-path.ts";
import { segment } from "../environment/segment.ts";
import { digestOf, filesBelow, type SkillFile } from "./skill-files.ts";
import { type Skill, wantedSkills } from "./wanted-skills.ts";

/** Skills that are to be on the volume before the agent starts. */
export interface SkillBundle {
  /** The digest of all of it. */
  readonly key: string;
  readonly files: readonly SkillFile[];
  /** The folder that the bundles of a company are in. */
  readonly parent: SharedPath;
  /** The bundle's own. */
  readonly folder: SharedPath;
}

/** Where agent CLIs look for skills, below a folder that they are pointed to. */
const SKILLS_FOLDER = ".claude/skills";

/** What a run gets of skills. */
export interface RunSkills {
  /** Null where it gets none. */
  readonly bundle: SkillBundle | null;
  /** What people should know about those that it cannot have. */
  readonly notes: readonly string[];
}

/** The skills that the agent's config asks for, as they are on the host now. Reads them, writes nothing. */
export async function describeSkills(options: {
  readonly config: Pick<CoreConfig, "instance" | "volumeHostPath" | "volumeMountPath">;
  /** The config as the host has it, with the skills that it materialised. */
  readonly hostConfig: Readonly<Record<string, unknown>>;
  readonly companyId: string;
}): Promise<RunSkills> {
  const { config, hostConfig, companyId } = options;
  const { skills, notes } = await wantedSkills(hostConfig);
  if (skills.length === 0) return { bundle: null, notes };
  const { files, key } = await readSkills(skills, config.volumeHostPath);
  const company = ["instances", config.instance, "companies", segment(companyId), "skill-bundles"] as const;
  const parent = onVolume(config, ...company);
  return { bundle: { key, files, parent, folder: onVolume(config, ...company, key) }, notes };
}

async function readSkills(
  skills: readonly Skill[],
  volume: string,
): Promise<Pick<SkillBundle, "files" | "key">> {
  try {
    const found = await Promise.all(
      skills.map(({ name, source }) => filesBelow(source, `${SKILLS_FOLDER}/${name}/`)),
    );
    const files = found.flat();
    return { files, key: await digestOf({ files, volume }) };
  } catch (error) {
    const message = `A skill cannot be read on the Paperclip host (${(error as Error).message}): give the server's user the right to, or take the skill from the agent`;
    throw new AdapterCoreError("skills_unreadable", message, error);
  }
}
