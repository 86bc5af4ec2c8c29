import type { ConfigField } from "./config-field.ts";
import { type FieldOwner, fieldsInOrder } from "./parse-config.ts";

/** The documentation of an agent's config as a Markdown table: key, meaning, default. */
export function configDocumentation(definition: FieldOwner<Record<string, ConfigField>>): string {
  const rows = fieldsInOrder(definition).flatMap(([name, field]) => rowsOf(name, field));
  return ["| key | meaning | default |", "| --- | --- | --- |", ...rows].join("\n");
}

function rowsOf(key: string, field: ConfigField): readonly string[] {
  const parts = Object.entries(field.parts ?? {});
  const own = field.parts === undefined ? field.default : undefined;
  return [
    row(key, meaningOf(field), own),
    ...parts.map(([part, { hint, default: fallback }]) => row(`${key}.${part}`, hint, fallback)),
  ];
}

function meaningOf({ hint, options, type }: ConfigField): string {
  // A combobox takes other values as well.
  if (options === undefined || type === "combobox") return hint;
  return `${hint} One of: ${options.map(({ value }) => `\`${value}\``).join(", ")}.`;
}

function row(key: string, meaning: string, fallback: unknown): string {
  const empty =
    fallback === undefined || (typeof fallback === "object" && Object.keys(fallback as object).length === 0);
  const text = empty ? "" : `\`${typeof fallback === "string" ? fallback : JSON.stringify(fallback)}\``;
  return `| \`${key}\` | ${meaning.replaceAll("|", "\\|")} | ${text} |`;
}
