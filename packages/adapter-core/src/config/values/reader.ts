import { z } from "zod";
import { shapeOf } from "./shape-of.ts";

/** Says what is wrong with a value or with a part of it, in words that follow the field's name. */
export class Unreadable {
  readonly expected: string;
  readonly path: readonly string[];
  readonly value: unknown;
  constructor(expected: string, value: unknown, path: readonly string[] = []) {
    this.expected = expected;
    this.value = value;
    this.path = path;
  }
}

/** A schema from a function that reads a raw value, or says why it cannot. */
export function reader<Value>(read: (raw: unknown) => Value | Unreadable): z.ZodType<Value> {
  return z.unknown().transform((raw, context) => {
    const value = read(raw);
    if (!(value instanceof Unreadable)) return value;
    context.addIssue({
      code: "custom",
      path: [...value.path],
      message: `must be ${value.expected}; it is ${shapeOf(value.value)}`,
    });
    return z.NEVER;
  }) as z.ZodType<Value>;
}
