import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";
import type { ConfigField } from "../config/config-field.ts";
import { allFields, type FieldOwner } from "../config/parse-config.ts";
import { fromJson, isRecord } from "../config/values/structured-values.ts";
import { warned } from "./check.ts";

/** More letters than these apart, and it is another word. */
const NEAR = 2;

/**
 * Keys that nobody reads and that look like a field, or like a part of one. Other unknown ones are passed over: the
 * host keeps some of its own in a config, and an earlier adapter may have left its.
 */
export function checkKeys(
  definition: FieldOwner<Record<string, ConfigField>>,
  config: Readonly<Record<string, unknown>>,
): readonly AdapterEnvironmentCheck[] {
  const fields = allFields(definition);
  const misspelt = Object.keys(config).flatMap((key) => {
    const [name = ""] = key.split(".");
    if (Object.hasOwn(fields, name)) return [];
    const meant = nearest(name, Object.keys(fields));
    return meant === undefined ? [] : [unread(key, `Did you mean ${meant}?`)];
  });
  const parts = Object.entries(fields).flatMap(([name, { parts }]) =>
    parts === undefined ? [] : unknownParts(name, Object.keys(parts), config[name]),
  );
  return [...misspelt, ...parts];
}

function unknownParts(field: string, parts: readonly string[], value: unknown): AdapterEnvironmentCheck[] {
  const object = typeof value === "string" ? fromJson(value) : value;
  if (!isRecord(object)) return [];
  const known = new Set(parts.map((part) => part.split(".")[0] ?? part));
  const unknown = Object.keys(object).filter((key) => !known.has(key.split(".")[0] ?? key));
  return unknown.map((key) => unread(`${field}.${key}`, `${field} has ${[...known].join(", ")}.`));
}

function unread(key: string, hint: string): AdapterEnvironmentCheck {
  return warned("config_unread", `${key} is no field of this adapter: nobody reads it.`, hint);
}

function nearest(name: string, fields: readonly string[]): string | undefined {
  const written = name.toLowerCase();
  // Of a short word, two letters are most of it.
  const most = name.length < 5 ? 1 : NEAR;
  const ranked = fields.map((field) => ({ field, apart: distance(written, field.toLowerCase()) }));
  const best = ranked.sort((one, other) => one.apart - other.apart)[0];
  return best !== undefined && best.apart <= most ? best.field : undefined;
}

/** How many letters have to be changed, added or taken away (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= to.length; at++) {
      const changed = (row[at - 1] ?? 0) + (letter === to[at - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
