import type { FieldError } from "../../server/api-status.ts";

/** A quoted Go string, as the API's messages have it; other values as JSON. */
function shown(value: unknown): string {
  return JSON.stringify(value);
}

export const required = (field: string, hint?: string): FieldError => ({
  field,
  reason: "FieldValueRequired",
  message: hint === undefined ? "Required value" : `Required value: ${hint}`,
});

export const invalidValue = (field: string, value: unknown, why: string): FieldError => ({
  field,
  reason: "FieldValueInvalid",
  message: `Invalid value: ${shown(value)}: ${why}`,
});

export const forbidden = (field: string, why: string): FieldError => ({
  field,
  reason: "FieldValueForbidden",
  message: `Forbidden: ${why}`,
});

export const notSupported = (field: string, value: unknown, allowed: readonly string[]): FieldError => ({
  field,
  reason: "FieldValueNotSupported",
  message: `Unsupported value: ${shown(value)}: supported values: ${allowed.map((one) => shown(one)).join(", ")}`,
});

export const duplicate = (field: string, value: unknown): FieldError => ({
  field,
  reason: "FieldValueDuplicate",
  message: `Duplicate value: ${shown(value)}`,
});

export const missing = (field: string, value: unknown): FieldError => ({
  field,
  reason: "FieldValueNotFound",
  message: `Not found: ${shown(value)}`,
});

export const tooLong = (field: string, bytes: number): FieldError => ({
  field,
  reason: "FieldValueTooLong",
  message: `Too long: may not be more than ${bytes} bytes`,
});
