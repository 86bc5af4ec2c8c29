// Which skills a run is to have: the host puts them on its own disk, and says where.
import { readdir } from "node:fs/promises";
import {
  isPaperclipSkillSourceMissing,
  type PaperclipSkillEntry,
  readPaperclipRuntimeSkillEntries,
  resolveLegacyPaperclipDesiredSkillNames,
} from "@paperclipai/adapter-utils/server-utils";

/** A skill as the agent CLI will see it. */
export interface Skill {
  /** The name of its folder. */
  readonly name: string;
  /** Its folder on the host. */
  readonly source: string;
}

/** The skills that are asked for, and what people should know about those that a run cannot have. */
export interface WantedSkills {
  readonly skills: readonly Skill[];
  readonly notes: readonly string[];
}

/** A name that is one part of a path, and no other path. */
const folderName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/u;

/** The skills that the host materialised for an agent: none where it names none, never those of an installation. */
export async function skillsOnHost(
  config: Readonly<Record<string, unknown>>,
): Promise<readonly PaperclipSkillEntry[]> {
  if (!Array.isArray(config["paperclipRuntimeSkills"])) return [];
  return readPaperclipRuntimeSkillEntries({ ...config }, "");
}

/**
 * The skills that the agent's config asks for, in the order of their names; the host's own operational skill is always
 * among them where it is there.
 */
export async function wantedSkills(config: Readonly<Record<string, unknown>>): Promise<WantedSkills> {
  const entries = await skillsOnHost(config);
  const desired = new Set(resolveLegacyPaperclipDesiredSkillNames({ ...config }, [...entries]));
  const skills: Skill[] = [];
  const notes: string[] = [];
  for (const entry of entries.filter(({ key }) => desired.has(key))) {
    const problem = problemOf(entry, skills) ?? (await unreadable(entry.source));
    if (problem === null) skills.push({ name: entry.runtimeName, source: entry.source });
    else notes.push(`Skill ${entry.key} is left out: ${problem}.`);
  }
  const known = new Set(entries.map(({ key }) => key));
  for (const key of desired)
    if (!known.has(key)) notes.push(`Skill ${key} is left out: the host does not have it.`);
  return { skills: skills.sort((a, b) => (a.name < b.name ? -1 : 1)), notes };
}

async function unreadable(source: string): Promise<string | null> {
  try {
    await readdir(source);
    return null;
  } catch (error) {
    return `${source} cannot be read on the Paperclip host (${(error as NodeJS.ErrnoException).code})`;
  }
}

function problemOf(entry: PaperclipSkillEntry, taken: readonly Skill[]): string | null {
  if (isPaperclipSkillSourceMissing(entry)) return entry.missingDetail ?? "the host does not have its files";
  if (!folderName.test(entry.runtimeName))
    return `${JSON.stringify(entry.runtimeName)} is no name of a folder`;
  if (taken.some(({ name }) => name === entry.runtimeName))
    return `another one is called ${entry.runtimeName}`;
  return null;
}
