import type { Facts } from "./facts.ts";
import type { OutcomeKind, Verdict } from "./outcome.ts";
import { ended } from "./verdict.ts";

const SCRIPT_FAILURES: Readonly<Record<string, { kind: OutcomeKind; message: string }>> = {
  disk_full: {
    kind: { kind: "disk_full" },
    message: "The shared volume is full: the agent's output could not be written.",
  },
  lease_expired: {
    kind: { kind: "lease_expired" },
    message: "The host did not renew its lease, and the pod ended the agent.",
  },
  already_started: {
    kind: { kind: "start_failed", failure: "already_started" },
    message: "A second pod of the same Job found the run taken by the first one and did not start the agent.",
  },
  output_unwritable: {
    kind: { kind: "start_failed", failure: "output_unwritable" },
    message: "The pod could not write into the run directory.",
  },
  cli_missing: {
    kind: { kind: "start_failed", failure: "cli_missing" },
    message: "The agent CLI is not in the image, or cannot be executed.",
  },
};

/**
 * The pod's script, not the agent CLI, ended the run. It says so in the record and in the container's
 * termination message, which is all there is where the run directory cannot be written.
 */
export function scriptFailure(
  facts: Facts,
  told: { failure: string; status: number; sentence?: string },
): Verdict {
  const { failure, status, sentence } = told;
  const known = SCRIPT_FAILURES[failure];
  const kind: OutcomeKind = known?.kind ?? { kind: "start_failed", failure };
  const message = known?.message ?? `The pod's script failed: ${failure} (exit code ${status}).`;
  return ended(facts, kind, sentence ? `${message} The script says: ${sentence}` : message, {
    reason: failure,
  });
}
