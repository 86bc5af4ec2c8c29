import { refuse } from "../error.ts";

/** The kernel's limit for one argument or one `NAME=value`, its final NUL included (MAX_ARG_STRLEN, 32 pages). */
export const EXEC_STRING_MAX_BYTES = 128 * 1024;

/** Refuses what cannot travel unchanged through JSON, UTF-8 and exec. */
export function validateText(field: string, value: unknown): asserts value is string {
  if (typeof value !== "string") {
    refuse("invalid_text", field, `${field} is ${typeof value}, and a string is wanted: convert it`);
  }
  if (/\p{Surrogate}/u.test(value)) {
    refuse(
      "invalid_text",
      field,
      `${field} holds half of a UTF-16 pair, which UTF-8 cannot express: remove it`,
    );
  }
}

/** The same for what is handed to exec: no NUL either, since a C string ends there. */
export function validateExecText(field: string, value: unknown): asserts value is string {
  validateText(field, value);
  if (value.includes("\0")) {
    refuse("invalid_text", field, `${field} holds a NUL character, where the kernel would cut it: remove it`);
  }
}
