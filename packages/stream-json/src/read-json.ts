// Readers for JSON of unknown shape: a field of the wrong type is a field that is not there.
import type { JsonObject } from "./parse-event.ts";

const empty: JsonObject = Object.freeze({});

/** The object, or an empty one. */
export function readObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : empty;
}

/** The array, or an empty one. */
export function readArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string, unless it is empty. */
export function readString(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The number, if it is a finite one. */
export function readNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The strings of an array. */
export function readStrings(value: unknown): readonly string[] {
  return readArray(value).filter((item) => typeof item === "string");
}

/** The fields of a record without those that are undefined, so that "is not there" has one form. */
export type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out the fields that are undefined. */
export function defined<T extends object>(fields: T): Defined<T> {
  return withDefined({}, fields);
}

/** Puts the fields that are not undefined into `target`, which nobody else has yet. */
export function withDefined<A extends object, T extends object>(target: A, fields: T): A & Defined<T> {
  const result = target as Partial<T>;
  // A loop: this runs several times for each event, and a detour over entries or a spread costs many times as much.
  for (const name in fields) if (fields[name] !== undefined) result[name] = fields[name];
  return result as A & Defined<T>;
}
