import type { ConfigFieldOption, ConfigFieldSchema } from "@paperclipai/adapter-utils";
import type { z } from "zod";

/** How a field looks to people, whatever its value is. */
export interface FieldText {
  readonly label: string;
  /** One or two sentences: what the field does and what may be written into it. The parser accepts all of that. */
  readonly hint: string;
  /** The heading of the host's form below which the field stands. */
  readonly group?: string;
}

/** One part of a structured field that has an input of its own in the form: `cpu` of `resources.requests`. */
export interface FieldPart extends FieldText {
  readonly type: ConfigFieldSchema["type"];
  readonly default?: unknown;
}

/** One field of an agent's config: its schema and what the host's form and the documentation say of it. */
export interface ConfigField<Schema extends z.ZodType = z.ZodType> extends FieldText {
  /** Reads what the form, the API or a predecessor stored; the schema's default is `default`. */
  readonly schema: Schema;
  readonly type: ConfigFieldSchema["type"];
  readonly options?: readonly ConfigFieldOption[];
  /** The value where nothing is set, for form and documentation. */
  readonly default?: unknown;
  readonly meta?: Readonly<Record<string, unknown>>;
  /** Documented and read, but without an input in the form. Default false. */
  readonly hidden?: boolean;
  /** How many levels a dotted key may name below the field: 1 for `labels.team`, 2 for `resources.requests.cpu`. */
  readonly levels?: 1 | 2;
  /** Inputs of the form that stand for the field's parts, by what follows the field's name and a dot. */
  readonly parts?: Readonly<Record<string, FieldPart>>;
}

/** The values of a set of fields after validation. */
export type ConfigOf<Fields extends Record<string, ConfigField>> = {
  readonly [Name in keyof Fields]: z.infer<Fields[Name]["schema"]>;
};

/** A field that may stay unset, or has a default. */
export function configField<Value, Schema extends z.ZodType<Value>>(
  schema: Schema,
  rest: Omit<ConfigField, "schema" | "default">,
): ConfigField<z.ZodOptional<Schema>> {
  return { ...rest, schema: schema.optional() };
}

/** A field that has a value always. */
export function configFieldWithDefault<Value>(
  schema: z.ZodType<Value>,
  fallback: Value,
  rest: Omit<ConfigField, "schema" | "default">,
): ConfigField<z.ZodType<Value>> {
  return { ...rest, schema: schema.default(() => fallback as never), default: fallback };
}
