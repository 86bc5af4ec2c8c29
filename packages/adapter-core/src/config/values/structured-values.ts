import type { z } from "zod";
import { reader, Unreadable } from "./reader.ts";
import { shellWords } from "./shell-words.ts";

/** Text values by name: an object, its JSON, or lines of `name=value`. */
export function keyValues(isName: RegExp, expectedName: string): z.ZodType<Readonly<Record<string, string>>> {
  const expected = "an object, its JSON, or lines of name=value";
  return reader((raw) => {
    const entries = namedValues(raw);
    if (entries === undefined) return new Unreadable(expected, raw);
    const result: Record<string, string> = {};
    for (const { name, value, place } of entries) {
      if (value === null || value === undefined) continue;
      if (!isName.test(name)) return new Unreadable(expectedName, name, [place]);
      const text = asText(value);
      if (text === null) return new Unreadable("a text, a number, or true or false", value, [place]);
      result[name] = text;
    }
    return result;
  });
}

/** A name and its value, and how a message may call it. */
interface NamedValue {
  readonly name: string;
  readonly value: unknown;
  readonly place: string;
}

function namedValues(raw: unknown): readonly NamedValue[] | undefined {
  const object = typeof raw === "string" ? fromJson(raw) : raw;
  if (isRecord(object)) return Object.entries(object).map(([name, value]) => ({ name, value, place: name }));
  // What stands before the first = of a line that is none may be a secret.
  return typeof raw === "string" ? readLines(raw) : undefined;
}

/** A list of anything that is not a plain value: a list, or its JSON. */
export function objectList<Item extends object>(): z.ZodType<readonly Item[]> {
  return reader((raw) => {
    const list = typeof raw === "string" ? fromJson(raw) : raw;
    const items = isRecord(list) ? [list] : list;
    if (!Array.isArray(items) || !items.every(isRecord)) {
      return new Unreadable("a list of objects, or its JSON", raw);
    }
    return items as unknown as readonly Item[];
  });
}

/** An object, or its JSON. */
export function jsonObject<Value extends object>(): z.ZodType<Value> {
  return reader((raw) => {
    const object = typeof raw === "string" ? fromJson(raw) : raw;
    return isRecord(object) ? (object as Value) : new Unreadable("an object, or its JSON", raw);
  });
}

/** Words: a list, its JSON, or a text that is split as a shell would, quotes included. */
export function wordList(): z.ZodType<readonly string[]> {
  return reader((raw) => {
    const list = typeof raw === "string" ? (fromJson(raw) ?? shellWords(raw)) : raw;
    const words = Array.isArray(list) ? list.map(asText) : null;
    if (words === null || words.includes(null)) {
      return new Unreadable("a list of words, its JSON, or one text with its quotes closed", raw);
    }
    return words as string[];
  });
}

/** Names, in a list, its JSON, or a text with commas, spaces or lines between them. */
export function nameList(): z.ZodType<readonly string[]> {
  return reader((raw) => {
    const list = typeof raw === "string" ? (fromJson(raw) ?? raw.split(/[\s,]+/u)) : raw;
    if (!Array.isArray(list)) return new Unreadable("a list of names", raw);
    const names = list.map((item) => (isRecord(item) ? item["name"] : item));
    if (!names.every((name) => typeof name === "string")) return new Unreadable("a list of names", raw);
    return names.map((name) => name.trim()).filter((name) => name !== "");
  });
}

/** Some of a set of words, written as names are; capitals do not matter. */
export function choiceList<const Word extends string>(allowed: readonly Word[]): z.ZodType<readonly Word[]> {
  return reader((raw) => {
    const names = nameList().safeParse(raw);
    const words = names.success
      ? names.data.map((name) => allowed.find((word) => word.toLowerCase() === name.toLowerCase()))
      : [undefined];
    if (words.includes(undefined)) return new Unreadable(`some of ${allowed.join(", ")}`, raw);
    return [...new Set(words as Word[])];
  });
}

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A plain value as text, also in the host's form of a variable, `{ type: "plain", value }`; null for others. */
export function asText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return isRecord(value) && value["type"] === "plain" ? asText(value["value"]) : null;
}

/** The object or list that a text holds as JSON; undefined where it holds none. */
export function fromJson(raw: string): unknown {
  if (!/^\s*[{[]/u.test(raw)) return undefined;
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

/** The values of lines of `name=value`; undefined where a line is something else. */
export function fromLines(raw: string): Record<string, unknown> | undefined {
  const values = readLines(raw)?.map(({ name, value }) => [name, value]);
  return values && Object.fromEntries(values);
}

function readLines(raw: string): readonly NamedValue[] | undefined {
  const values: NamedValue[] = [];
  for (const [index, line] of raw.split(/\r?\n/u).entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const at = trimmed.indexOf("=");
    if (at <= 0) return undefined;
    const [name, value] = [trimmed.slice(0, at).trim(), trimmed.slice(at + 1).trim()];
    values.push({ name, value, place: `line ${index + 1}` });
  }
  return values;
}
