// The keys of a run's Secret.

/** Key of the prompt. */
export const PROMPT_KEY = "prompt";

/** Key of an environment variable. */
export function envKey(name: string): string {
  return `env.${name}`;
}

/** Key of a file. */
export function fileKey(name: string): string {
  return `file.${name}`;
}
