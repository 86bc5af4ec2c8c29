import type { RunIdentity } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { isRunId, MAX_ID_LENGTH } from "../run-files/path-syntax.ts";
import { quoted } from "./syntax.ts";
import { validateText } from "./text.ts";

const MAX_FREE_ID_BYTES = 4096;

/** Ids that become paths have a strict syntax; the others travel as labels (sanitized) and annotations. */
export function validateIdentity(identity: RunIdentity): void {
  validatePathId("identity.companyId", identity.companyId);
  validatePathId("identity.agentId", identity.agentId);
  validatePathId("identity.runId", identity.runId);
  validateFreeId("identity.adapterType", identity.adapterType);
  if (identity.adapterType === "") {
    refuse("invalid_id", "identity.adapterType", "identity.adapterType is empty: give the adapter's type");
  }
  if (identity.taskId !== null) validateFreeId("identity.taskId", identity.taskId);
  if (identity.sessionId !== null) validateFreeId("identity.sessionId", identity.sessionId);
  const { attempt } = identity;
  if (!Number.isInteger(attempt) || attempt < 1 || attempt > 999) {
    refuse(
      "invalid_number",
      "identity.attempt",
      `identity.attempt is ${quoted(attempt)}, and attempts are counted: give a whole number from 1 to 999`,
    );
  }
}

function validatePathId(field: string, value: string): void {
  if (typeof value === "string" && isRunId(value)) return;
  const name = field.slice(field.indexOf(".") + 1);
  refuse(
    "invalid_id",
    field,
    `Invalid ${name} for log path: ${value} (wanted: 1 to ${MAX_ID_LENGTH} letters, digits and dashes)`,
  );
}

function validateFreeId(field: string, value: string): void {
  validateText(field, value);
  if (Buffer.byteLength(value) > MAX_FREE_ID_BYTES) {
    refuse(
      "invalid_id",
      field,
      `${field} is ${Buffer.byteLength(value)} bytes, and at most ${MAX_FREE_ID_BYTES} fit: shorten it`,
    );
  }
}
