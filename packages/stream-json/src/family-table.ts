import type { FailureFamily } from "./failure.ts";

/** Families by a word that a CLI or an API uses. */
export type FamilyTable = Readonly<Record<string, FailureFamily>>;

/** The family of a word; undefined where the word is not known or missing. */
export function lookUp(table: FamilyTable, word: string | undefined): FailureFamily | undefined {
  return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** The family of an API call that failed with this HTTP status; undefined where the status tells of no failure. */
export function familyOfStatus(status: number | undefined): FailureFamily | undefined {
  if (status === undefined || status < 400) return undefined;
  if (status >= 500 || status === 408) return "transient_upstream";
  return familyByStatus[status] ?? "invalid_request";
}

const familyByStatus: Readonly<Record<number, FailureFamily>> = {
  401: "auth_required",
  402: "billing_required",
  403: "auth_required",
  404: "model_not_found",
  413: "context_overflow",
  429: "provider_quota",
};
