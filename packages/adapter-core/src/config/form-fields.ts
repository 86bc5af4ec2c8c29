import type { AdapterConfigSchema, ConfigFieldSchema } from "@paperclipai/adapter-utils";
import type { ConfigField } from "./config-field.ts";
import { type FieldOwner, fieldsInOrder } from "./parse-config.ts";

/** The fields of the host's form, for `getConfigSchema()`: the agent's own first. */
export function formFields(definition: FieldOwner<Record<string, ConfigField>>): AdapterConfigSchema {
  return { fields: fieldsInOrder(definition).flatMap(([name, field]) => inputsOf(name, field)) };
}

function inputsOf(key: string, field: ConfigField): ConfigFieldSchema[] {
  const parts = Object.entries(field.parts ?? {}).map(
    ([part, { label, hint, type, group, default: fallback }]) =>
      inputFor({ key: `${key}.${part}`, label, hint, type, group, default: fallback }),
  );
  if (field.hidden === true) return parts;
  const { label, hint, type, group, meta } = field;
  return [
    inputFor({
      key,
      label,
      hint,
      type,
      group,
      default: formDefault(field),
      options: field.options === undefined ? undefined : [...field.options],
      meta: meta === undefined ? undefined : { ...meta },
    }),
    ...parts,
  ];
}

/**
 * The host stores something for every input of a new agent, untouched ones too: a number's default or 0, a choice's
 * default or its first option. What is unset by default gets an input that stores nothing.
 */
function inputFor(field: ConfigFieldSchema): ConfigFieldSchema {
  if (field.default !== undefined) return withoutUndefined(field);
  if (field.type === "number") return withoutUndefined({ ...field, type: "text" });
  if (field.type !== "select") return withoutUndefined(field);
  return withoutUndefined({ ...field, options: [{ label: "Default", value: "" }, ...(field.options ?? [])] });
}

/** An input holds a plain value; an empty object or list is what it is without one. */
function formDefault({ default: fallback }: ConfigField): unknown {
  return typeof fallback === "object" ? undefined : fallback;
}

function withoutUndefined(field: ConfigFieldSchema): ConfigFieldSchema {
  const kept = Object.entries(field).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as unknown as ConfigFieldSchema;
}
