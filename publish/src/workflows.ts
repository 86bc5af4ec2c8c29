import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { repositoryRoot } from "./release.ts";

/** A step of a job, or of an action of our own. */
export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A job; one that calls another workflow has no steps. */
export interface Job {
  readonly if?: string;
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly strategy?: {
    readonly matrix?: { readonly include?: readonly Readonly<Record<string, string>>[] };
  };
}

/** A workflow of the repository. */
export interface Workflow {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** An action of the repository, made of steps. */
export interface OwnAction {
  readonly path: string;
  readonly text: string;
  readonly runs: { readonly steps: readonly Step[] };
}

/** All workflows. */
export async function readWorkflows(): Promise<readonly Workflow[]> {
  const names = await readdir(join(repositoryRoot, ".github/workflows"));
  return Promise.all(names.map((name) => readYaml<Workflow>(`.github/workflows/${name}`)));
}

/** All actions that are kept here. */
export async function readOwnActions(): Promise<readonly OwnAction[]> {
  const names = await readdir(join(repositoryRoot, ".github/actions"));
  return Promise.all(names.map((name) => readYaml<OwnAction>(`.github/actions/${name}/action.yml`)));
}

/** Reads a YAML file of the repository; throws where it is not valid. */
export async function readYaml<T>(
  path: string,
): Promise<T & { readonly path: string; readonly text: string }> {
  const text = await readFile(join(repositoryRoot, path), "utf8");
  return { ...(parse(text) as T), path, text };
}

/** Every step of workflows and actions, in order. */
export function stepsOf(sources: readonly (Workflow | OwnAction)[]): readonly Step[] {
  return sources.flatMap((source) =>
    "runs" in source ? source.runs.steps : Object.values(source.jobs).flatMap(({ steps = [] }) => steps),
  );
}

/** Commands of pnpm's own that are used. Any other word after `pnpm` is a script of the root. */
const OWN_COMMANDS = ["install", "store"];

/** The scripts of the root that steps call, by `run` or by an action's `script`. */
export function scriptsCalledBy(steps: readonly Step[]): readonly string[] {
  const commands = steps.flatMap(({ run, with: inputs }) => [run, inputs?.["script"]]);
  const words = commands.flatMap((text) =>
    [...String(text ?? "").matchAll(/\bpnpm (?:run )?([\w:-]+)/g)].map(([, word = ""]) => word),
  );
  return words.filter((word) => !OWN_COMMANDS.includes(word));
}
