// The parts that tables of fields are made of, each a check that names the field it refuses.
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { type JobManifestErrorCode, refuse } from "../error.ts";
import type { SecurityRelaxation } from "../pod-template/pod-template-patch.ts";
import { quoted } from "./syntax.ts";
import { validateText } from "./text.ts";

/** What a rule may know beside the value. */
export interface Scope {
  readonly spec: AgentRunSpec;
  /** Whether the value belongs to the agent's own container. */
  readonly isAgent: boolean;
  /** Names of the volumes that the pod has, ours included. */
  readonly volumes: ReadonlySet<string>;
}

/** Accepts a value, or throws a JobManifestError that names `at`. */
export type Rule = (value: unknown, at: string, scope: Scope) => void;

export type Rules = Readonly<Record<string, Rule>>;

/** A JSON object whose fields have rules; a field that has none is a mistake, and so is one that is missing. The root has no name. */
export function fields(rules: Rules, required: readonly string[] = []): Rule {
  return (value, at, scope) => {
    const shape = requireObject(value, at);
    const fieldOf = (name: string) => (at === "" ? name : `${at}.${name}`);
    for (const name of required) {
      if (shape[name] === undefined) wrong(fieldOf(name), "is missing: give it");
    }
    for (const [name, part] of Object.entries(shape)) {
      const field = fieldOf(name);
      if (part === undefined) continue;
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
      if (!rule) {
        refuse("unknown_field", field, `${field} is no field that is known here: check its spelling`);
      }
      if (part === null) wrong(field, "is null, which removes nothing: leave it out");
      rule(part, field, scope);
    }
  };
}

/** A field that belongs to the run. */
export function owned(remedy: string): Rule {
  return (_value, at) => refuse("reserved_field", at, `${at} belongs to the run: ${remedy}`);
}

/** A value that is weaker than Pod Security "restricted", unless one of `relaxations` is named. */
export function allowWeaker(
  value: unknown,
  at: string,
  scope: Scope,
  ...relaxations: readonly [SecurityRelaxation, ...SecurityRelaxation[]]
): void {
  if (isRelaxed(scope.spec, ...relaxations)) return;
  refuse(
    "security_floor",
    at,
    `${at} is ${quoted(value)}, which Pod Security "restricted" forbids: leave it out, or name ${quoted(relaxations[0])} in relaxSecurity`,
  );
}

/** Whether one of `relaxations` is named in the description. */
export function isRelaxed(
  spec: Pick<AgentRunSpec, "relaxSecurity">,
  ...relaxations: readonly SecurityRelaxation[]
): boolean {
  return relaxations.some((name) => spec.relaxSecurity?.includes(name));
}

/** Refuses a value of the wrong shape. */
export function wrong(at: string, what: string, code: JobManifestErrorCode = "invalid_pod_option"): never {
  return refuse(code, at, `${at} ${what}`);
}

export const flag: Rule = (value, at) => {
  if (typeof value !== "boolean") wrong(at, `is ${quoted(value)}: give true or false`);
};

export const text: Rule = (value, at) => {
  validateText(at, value);
  if (value === "") wrong(at, "is empty: give a text, or leave it out");
};

/** A text that may be empty. */
export const anyText: Rule = (value, at) => validateText(at, value);

/** Anything that Kubernetes' own strict validation knows better: only that it is an object. */
export const object: Rule = (value, at) => void requireObject(value, at);

export function whole(least: number, most = 2 ** 31 - 1): Rule {
  return (value, at) => {
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
    wrong(at, `is ${quoted(value)}: give a whole number from ${least} to ${most}`, "invalid_number");
  };
}

export function oneOf(...choices: readonly string[]): Rule {
  return (value, at) => {
    if (!choices.includes(value as string)) wrong(at, `is ${quoted(value)}: give ${choices.join(" or ")}`);
  };
}

/** A text with a syntax of Kubernetes. */
export function named(isRight: (text: string) => boolean, wanted: string): Rule {
  return (value, at) => {
    if (typeof value !== "string" || !isRight(value))
      wrong(at, `is ${quoted(value)}: give ${wanted}`, "invalid_name");
  };
}

/** A list whose items have a rule. */
export function listOf(rule: Rule): Rule {
  return (value, at, scope) => {
    if (!Array.isArray(value)) wrong(at, `is ${quoted(value)}: give a list`);
    for (const [index, item] of value.entries()) rule(item, `${at}[${index}]`, scope);
  };
}

export function requireObject(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  return wrong(at, `is ${quoted(value)}: give an object`);
}
