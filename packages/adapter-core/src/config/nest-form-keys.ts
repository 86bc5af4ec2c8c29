import type { ConfigField } from "./config-field.ts";
import { fromJson, fromLines, isRecord } from "./values/structured-values.ts";

/**
 * Brings what the form stores into one shape: dotted keys move into the object of their field, where they win over
 * what it holds, and empty texts and nulls count as unset (but a variable or a label may be empty). Keys of no field
 * are left out.
 */
export function nestFormKeys(
  raw: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, ConfigField>>,
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const own = Object.hasOwn(raw, name) ? raw[name] : undefined;
    const dotted = field.levels === undefined ? [] : dottedValues(raw, name);
    const value = dotted.length === 0 ? own : withDotted(own, dotted, field.levels ?? 1);
    if (!isUnset(value)) result[name] = field.parts === undefined ? value : withoutUnset(fromText(value));
  }
  return result;
}

function dottedValues(raw: Readonly<Record<string, unknown>>, name: string): readonly [string, unknown][] {
  return Object.entries(raw)
    .filter(([key, value]) => key.startsWith(`${name}.`) && !isUnset(value))
    .map(([key, value]) => [key.slice(name.length + 1), value]);
}

function withDotted(own: unknown, dotted: readonly [string, unknown][], levels: 1 | 2): unknown {
  const base = isUnset(own) ? {} : typeof own === "string" ? (fromJson(own) ?? fromLines(own)) : own;
  // What cannot be merged is left for the field's reader to name.
  if (!isRecord(base)) return own;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of dotted) {
    const at = levels === 2 ? key.indexOf(".") : -1;
    if (at < 0) {
      result[key] = value;
      continue;
    }
    const part = key.slice(0, at);
    const whole = fromText(result[part]);
    result[part] = { ...(isRecord(whole) ? whole : {}), [key.slice(at + 1)]: value };
  }
  return result;
}

function withoutUnset(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => !isUnset(item));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutUnset(fromText(item))]));
}

/** What a text holds as JSON, else the text itself. */
function fromText(value: unknown): unknown {
  return typeof value === "string" ? (fromJson(value) ?? value) : value;
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}
