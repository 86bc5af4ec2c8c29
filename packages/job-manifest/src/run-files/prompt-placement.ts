import type { AgentRunSpec } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { runFileStem } from "./run-directory.ts";

/** What the API server allows for all values of one Secret together. */
export const SECRET_MAX_BYTES = 1024 * 1024;
/** The largest prompt that a run may have. */
export const PROMPT_MAX_BYTES = 32 * 1024 * 1024;

/** Where the prompt of a run travels. */
export type PromptPlacement =
  | { readonly kind: "secret"; readonly bytes: number }
  | {
      readonly kind: "file";
      /** File name in the run directory, for the host to write before the Job is resumed. */
      readonly name: string;
      /** Permissions: only the pod's user may read it. */
      readonly mode: 0o600;
      readonly bytes: number;
    };

type PlacedSpec = Pick<AgentRunSpec, "identity" | "prompt" | "environment" | "files">;

/**
 * Decides where the prompt goes: into the run's Secret while that has room beside environment and
 * files, else into a file of the run directory.
 *
 * @throws JobManifestError (`prompt_too_large`, `secret_too_large`, `invalid_id`)
 */
export function promptPlacement(spec: PlacedSpec): PromptPlacement {
  const bytes = Buffer.byteLength(spec.prompt);
  const others = sumOfBytes(spec.environment) + sumOfBytes(spec.files ?? {});
  if (others > SECRET_MAX_BYTES) {
    refuse(
      "secret_too_large",
      "environment",
      `environment and files are ${others} bytes together, and a Secret holds ${SECRET_MAX_BYTES}: shorten the largest of them or put it on the shared volume`,
    );
  }
  if (bytes > PROMPT_MAX_BYTES) {
    refuse(
      "prompt_too_large",
      "prompt",
      `prompt is ${bytes} bytes, and at most ${PROMPT_MAX_BYTES} are delivered: put the bulk of it into a file on the shared volume and name that file`,
    );
  }
  if (bytes + others <= SECRET_MAX_BYTES) return { kind: "secret", bytes };
  const { runId, attempt } = spec.identity;
  return { kind: "file", name: `${runFileStem(runId, attempt)}.prompt`, mode: 0o600, bytes };
}

function sumOfBytes(values: Readonly<Record<string, string>>): number {
  return Object.values(values).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
}
