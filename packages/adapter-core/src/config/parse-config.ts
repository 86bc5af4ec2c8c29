import { z } from "zod";
import type { AgentConfig } from "../agent-definition.ts";
import type { ConfigField } from "./config-field.ts";
import { coreFields } from "./core-config.ts";
import { nestFormKeys } from "./nest-form-keys.ts";

/** What is wrong with one field. Never holds a value. */
export interface ConfigProblem {
  /** The field's key, with its part: `resources.requests.cpu`. */
  readonly field: string;
  readonly message: string;
}

/** A config that has been read, or what is wrong with it. */
export type ParsedConfig<Own extends Record<string, ConfigField>> =
  | { readonly ok: true; readonly config: AgentConfig<Own> }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[]; readonly message: string };

/** What of a definition the config needs. */
export interface FieldOwner<Own extends Record<string, ConfigField>> {
  readonly label: string;
  readonly fields: Own;
}

/** Every field of an agent, the core's first. A field of the agent's own replaces the core's of the same name. */
export function allFields(definition: FieldOwner<Record<string, ConfigField>>): Record<string, ConfigField> {
  return { ...coreFields, ...definition.fields };
}

/** The same as people see them: the agent's own first. */
export function fieldsInOrder({
  fields,
}: FieldOwner<Record<string, ConfigField>>): readonly (readonly [string, ConfigField])[] {
  const core = Object.entries(coreFields).filter(([name]) => !Object.hasOwn(fields, name));
  return [...Object.entries(fields), ...core];
}

/** The one schema of an agent's config. Keys of no field are dropped: the host adds some of its own. */
export function configSchema(definition: FieldOwner<Record<string, ConfigField>>): z.ZodObject {
  const entries = Object.entries(allFields(definition));
  return z.object(Object.fromEntries(entries.map(([name, field]) => [name, field.schema])));
}

/**
 * Reads a config as the form, the API or a predecessor stored it: numbers and switches as text, JSON as text, lines
 * of `name=value`, dotted or nested keys, empty texts for unset. Never throws.
 */
export function parseConfig<Own extends Record<string, ConfigField>>(
  definition: FieldOwner<Own>,
  raw: unknown,
): ParsedConfig<Own> {
  const object = typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>) : {};
  const parsed = configSchema(definition).safeParse(nestFormKeys(object, allFields(definition)));
  if (parsed.success) return { ok: true, config: parsed.data as AgentConfig<Own> };
  const problems = parsed.error.issues.map((issue) => ({
    field: issue.path.map(String).join("."),
    message: issue.message,
  }));
  const sentences = problems.map(({ field, message }) => `${field} ${message}`);
  return { ok: false, problems, message: `${definition.label} is not configured: ${sentences.join("; ")}.` };
}
