import type { ConfigField } from "./config-field.ts";
import { allFields, type FieldOwner } from "./parse-config.ts";

/** The documentation of an agent's config as a Markdown table: key, meaning, default. */
export function configDocumentation(definition: FieldOwner<Record<string, ConfigField>>): string {
  const all = Object.entries(allFields(definition));
  const own = all.filter(([name]) => Object.hasOwn(definition.fields, name));
  const core = all.filter(([name]) => !Object.hasOwn(definition.fields, name));
  const rows = [...own, ...core].flatMap(([name, field]) => rowsOf(name, field));
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

function meaningOf({ hint, options }: ConfigField): string {
  if (options === undefined || options.length > 8) return hint;
  return `${hint} One of: ${options.map(({ value }) => `\`${value}\``).join(", ")}.`;
}

function row(key: string, meaning: string, fallback: unknown): string {
  const empty =
    fallback === undefined || (typeof fallback === "object" && Object.keys(fallback as object).length === 0);
  const text = empty ? "" : `\`${typeof fallback === "string" ? fallback : JSON.stringify(fallback)}\``;
  return `| \`${key}\` | ${meaning.replaceAll("|", "\\|")} | ${text} |`;
}
