import type { FieldError } from "../../server/api-status.ts";
import type { ConfigMap, Secret } from "../objects.ts";
import { forbidden, invalidValue, tooLong } from "./field-errors.ts";
import { configKeyProblems } from "./names.ts";

/** A Secret or a ConfigMap holds at most 1 MiB of values. */
const maxBytes = 1_048_576;

function keyErrors(entries: Record<string, string>, field: string): FieldError[] {
  return Object.keys(entries).flatMap((key) =>
    configKeyProblems(key).map((problem) => invalidValue(`${field}[${key}]`, key, problem)),
  );
}

export function validateSecret(secret: Secret): FieldError[] {
  const data = secret.data ?? {};
  const bytes = Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value, "base64"), 0);
  return [...keyErrors(data, "data"), ...(bytes > maxBytes ? [tooLong("data", maxBytes)] : [])];
}

export function validateConfigMap(map: ConfigMap): FieldError[] {
  const { data = {}, binaryData = {} } = map;
  const bytes =
    Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value), 0) +
    Object.values(binaryData).reduce((sum, value) => sum + Buffer.byteLength(value, "base64"), 0);
  return [
    ...keyErrors(data, "data"),
    ...keyErrors(binaryData, "binaryData"),
    ...(bytes > maxBytes ? [tooLong("", maxBytes)] : []),
  ];
}

const frozen = "field is immutable when `immutable` is set";

/** What may not change in a Secret or ConfigMap that says `immutable: true`; nor a Secret's type ever. */
export function validateImmutable(old: Secret & ConfigMap, next: Secret & ConfigMap): FieldError[] {
  const errors: FieldError[] = [];
  if (old.type !== next.type) errors.push(invalidValue("type", next.type, "field is immutable"));
  if (old.immutable !== true) return errors;
  if (next.immutable !== true) errors.push(forbidden("immutable", frozen));
  for (const field of ["data", "binaryData"] as const) {
    if (JSON.stringify(sorted(old[field])) !== JSON.stringify(sorted(next[field])))
      errors.push(forbidden(field, frozen));
  }
  return errors;
}

function sorted(values: Record<string, string> | undefined): [string, string][] {
  return Object.entries(values ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
}
