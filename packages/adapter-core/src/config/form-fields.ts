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
      withoutUndefined({ key: `${key}.${part}`, label, hint, type, group, default: fallback }),
  );
  if (field.hidden === true) return parts;
  const { label, hint, type, group, meta } = field;
  return [
    withoutUndefined({
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

/** An input holds a plain value; an empty object or list is what it is without one. */
function formDefault({ default: fallback }: ConfigField): unknown {
  return typeof fallback === "object" ? undefined : fallback;
}

function withoutUndefined(field: ConfigFieldSchema): ConfigFieldSchema {
  const kept = Object.entries(field).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as unknown as ConfigFieldSchema;
}
