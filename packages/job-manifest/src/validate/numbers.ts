import type { AgentRunSpec, RunBounds } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { quoted } from "./syntax.ts";

const MAX_ID = 2 ** 31 - 1;
// Leaves room to add all bounds up within 32 bits: more than ten years each.
const MAX_SECONDS = 10 * 366 * 86_400;

/** The pod's user and group: never root. */
export function validateUser(user: AgentRunSpec["user"]): void {
  for (const field of ["uid", "gid"] as const) {
    const value = user[field];
    if (value === 0) {
      refuse(
        "root_user",
        `user.${field}`,
        `user.${field} is 0, and an agent never runs as root: give another id, such as 1000, and let it own the run directory`,
      );
    }
    requireWhole(`user.${field}`, value, 1, MAX_ID);
  }
}

/** Seconds: whole, and none below zero. */
export function validateBounds(bounds: RunBounds, ttlSecondsAfterFinished: number | null): void {
  for (const field of ["schedulingSec", "imagePullSec", "startSec", "timeoutSec", "graceSec"] as const) {
    requireWhole(`bounds.${field}`, bounds[field], 0, MAX_SECONDS);
  }
  requireWhole("bounds.leaseSec", bounds.leaseSec ?? 0, 0, MAX_SECONDS);
  if (ttlSecondsAfterFinished !== null) {
    requireWhole("ttlSecondsAfterFinished", ttlSecondsAfterFinished, 0, MAX_SECONDS);
  }
}

function requireWhole(field: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  refuse(
    "invalid_number",
    field,
    `${field} is ${quoted(value)}: give a whole number from ${least} to ${most}`,
  );
}
