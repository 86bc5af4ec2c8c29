import {
  buildRuntimeMountedSkillSnapshot,
  resolveLegacyPaperclipDesiredSkillNames,
} from "@paperclipai/adapter-utils/server-utils";
import type { AdapterSkillContext, AdapterSkillSnapshot } from "@paperclipai/adapter-utils/types";
import { skillsOnHost } from "./wanted-skills.ts";

/** What the host shows of an agent's skills: they are given to each run, and stay nowhere. */
export async function skillSnapshot({
  adapterType,
  config,
}: AdapterSkillContext): Promise<AdapterSkillSnapshot> {
  const availableEntries = [...(await skillsOnHost(config))];
  return buildRuntimeMountedSkillSnapshot({
    adapterType,
    availableEntries,
    desiredSkills: resolveLegacyPaperclipDesiredSkillNames(config, availableEntries),
    configuredDetail: "Given to each run on the shared volume.",
  });
}
