// The options that every write takes in its query, refused as the API refuses them.
import type { FieldValidation } from "../resources/decode.ts";
import { notSupported, tooLong } from "../resources/validate/field-errors.ts";
import { ApiRefusal, type FieldError } from "./api-status.ts";

/** What the query of a write says. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
}

const validations = ["", "Ignore", "Strict", "Warn"];

/** The 422 of options that make no sense; `what` is `CreateOptions`, `DeleteOptions` … */
export function invalidOptions(what: string, errors: readonly FieldError[]): ApiRefusal {
  const lines = errors.map(({ field, message }) => `${field}: ${message}`);
  const list = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  const message = `${what}.meta.k8s.io "" is invalid: ${list}`;
  return new ApiRefusal(422, "Invalid", message, {
    ...{ group: "meta.k8s.io", kind: what },
    causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

/** Errors of a `dryRun`, which has `All` in it or nothing. */
export function dryRunErrors(values: readonly string[]): FieldError[] {
  return values.every((value) => value === "All") ? [] : [notSupported("dryRun", values, ["All"])];
}

/** Reads the options of a create, an update or a patch; throws 422. */
export function writeOptions(what: string, query: URLSearchParams): WriteOptions {
  const dryRun = query.getAll("dryRun");
  const validation = query.get("fieldValidation") ?? "";
  const manager = query.get("fieldManager") ?? "";
  const errors = [
    ...(Buffer.byteLength(manager) > 128 ? [tooLong("fieldManager", 128)] : []),
    ...dryRunErrors(dryRun),
    ...(validations.includes(validation) ? [] : [notSupported("fieldValidation", validation, validations)]),
  ];
  if (errors.length > 0) throw invalidOptions(what, errors);
  return { dryRun: dryRun.length > 0, fieldValidation: (validation || "Warn") as FieldValidation };
}
