import { refuse } from "../error.ts";
import { quoted } from "./syntax.ts";
import { EXEC_STRING_MAX_BYTES, validateExecText, validateText } from "./text.ts";

// The script's parameters and its variables: a shell passes on what it assigns to an exported name.
const RESERVED_NAME = /^(AGENT_RUN_|_[a-z])/;
const MAX_NAME_LENGTH = 240;

/** The agent CLI's variables. Messages name the variable and never show its value. */
export function validateEnvironment(environment: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(environment)) {
    const field = `environment.${name}`;
    validateVariableName(name, { at: field, list: "environment" });
    validateVariableValue(name, value, field);
  }
}

/** A name that shells pass on, and that is not the script's. */
export function validateVariableName(
  name: unknown,
  { at, list }: { readonly at: string; readonly list: string },
): asserts name is string {
  if (typeof name !== "string" || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.length > MAX_NAME_LENGTH) {
    refuse(
      "invalid_env_name",
      at,
      `${list} has the name ${quoted(name)}, which shells drop: use at most ${MAX_NAME_LENGTH} letters, digits and "_", not beginning with a digit`,
    );
  }
  if (RESERVED_NAME.test(name)) {
    refuse(
      "invalid_env_name",
      at,
      `${list} has the name ${name}, and AGENT_RUN_* and "_" before a small letter belong to the pod's script: choose another`,
    );
  }
}

/** A value that exec can take. */
export function validateVariableValue(name: string, value: unknown, at: string): void {
  validateExecText(at, value);
  const bytes = Buffer.byteLength(name) + 1 + Buffer.byteLength(value) + 1;
  if (bytes > EXEC_STRING_MAX_BYTES) {
    refuse(
      "string_too_long",
      at,
      `${at} is ${Buffer.byteLength(value)} bytes, and the kernel takes at most 128 KiB for one variable with its name: hand it over as a file, or leave it out`,
    );
  }
}

/** The run's own files, by name. */
export function validateFiles(files: Readonly<Record<string, string>> | undefined): void {
  for (const [name, text] of Object.entries(files ?? {})) {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name) || name.length > MAX_NAME_LENGTH) {
      refuse(
        "invalid_path",
        `files.${name}`,
        `files has the name ${quoted(name)}: use at most ${MAX_NAME_LENGTH} letters, digits, "-", "_" and ".", not beginning with a dot`,
      );
    }
    validateText(`files.${name}`, text);
  }
}
