import type { z } from "zod";
import { withoutEndSlash } from "../../environment/map-path.ts";
import { reader, Unreadable } from "./reader.ts";

/** A text without the white space around it. */
export function text(pattern: RegExp = /^/u, expected = "a text"): z.ZodType<string> {
  return reader((raw) => trimmed(raw, pattern) ?? new Unreadable(expected, raw));
}

function trimmed(raw: unknown, pattern: RegExp): string | null {
  const value = typeof raw === "number" ? String(raw) : raw;
  return typeof value === "string" && pattern.test(value.trim()) ? value.trim() : null;
}

/** A text as it was written, white space and all. */
export function verbatim(): z.ZodType<string> {
  return reader((raw) => (typeof raw === "string" ? raw : new Unreadable("a text", raw)));
}

/** An absolute path, without a slash at its end. */
export function absolutePath(): z.ZodType<string> {
  return reader((raw) => {
    const path = trimmed(raw, /^\/[^\0\n]*$/u);
    return path === null ? new Unreadable("an absolute path such as /paperclip", raw) : withoutEndSlash(path);
  });
}

/** A whole number, also as text. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  const upTo = max === Number.MAX_SAFE_INTEGER ? ` of ${min} or more` : ` from ${min} to ${max}`;
  return reader((raw) => {
    const value = typeof raw === "string" && /^\s*[+-]?\d+(\.0+)?\s*$/u.test(raw) ? Number(raw) : raw;
    const fits = typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max;
    return fits ? value : new Unreadable(`a whole number${upTo}`, raw);
  });
}

const words: ReadonlyMap<string, boolean> = new Map([
  ...["true", "yes", "on", "1"].map((word) => [word, true] as const),
  ...["false", "no", "off", "0"].map((word) => [word, false] as const),
]);

/** True or false, also as text or as 1 and 0. */
export function toggle(): z.ZodType<boolean> {
  return reader((raw) => {
    const word = typeof raw === "object" ? undefined : words.get(String(raw).trim().toLowerCase());
    return word ?? new Unreadable("true or false", raw);
  });
}

/** One of some words; capitals do not matter. */
export function choice<const Word extends string>(allowed: readonly Word[]): z.ZodType<Word> {
  const expected = `one of ${allowed.join(", ")}`;
  return reader((raw) => {
    const asked = typeof raw === "string" ? raw.trim().toLowerCase() : null;
    return allowed.find((word) => word.toLowerCase() === asked) ?? new Unreadable(expected, raw);
  });
}
