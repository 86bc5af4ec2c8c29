import { badRequest } from "../server/api-status.ts";
import type { Kind } from "./kinds.ts";
import type { KubeObject } from "./objects.ts";
import { qualifiedNameProblems } from "./validate/names.ts";

/** Says whether an object belongs to a list or a watch. */
export type Selector = (object: KubeObject) => boolean;

const everything: Selector = () => true;
const setBased = /^(!?)\s*([^\s!=<>,()]+)\s*(?:(in|notin)\s*\(([^)]*)\))?$/;
const equality = /^([^\s!=<>,()]+)\s*(==|=|!=)\s*([^\s!=<>,()]*)$/;
const comparison = /^([^\s!=<>,()]+)\s*([<>])\s*([+-]?\d+)$/;
const label = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Splits at commas that stand outside parentheses. */
function requirementsOf(text: string): string[] {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  if (parts.includes("")) throw badRequest("found ',', expected: !, identifier, or 'end of string'");
  return parts;
}

function checkKey(key: string): void {
  for (const problem of qualifiedNameProblems(key))
    throw badRequest(`unable to parse requirement: <nil>: Invalid value: "${key}": ${problem}`);
}

function checkValue(value: string): void {
  if (!label.test(value) || value.length > 63) {
    throw badRequest(
      `unable to parse requirement: values[0][]: Invalid value: "${value}": a valid label is expected`,
    );
  }
}

function parseRequirement(text: string): (labels: Record<string, string>) => boolean {
  const equal = equality.exec(text);
  if (equal !== null) {
    const [, key, operator, value] = equal as unknown as [string, string, string, string];
    checkKey(key);
    checkValue(value);
    if (operator === "!=") return (labels) => labels[key] !== value;
    return (labels) => labels[key] === value;
  }
  const compared = comparison.exec(text);
  if (compared !== null) {
    const [, key, operator, value] = compared as unknown as [string, string, string, string];
    checkKey(key);
    const sign = operator === ">" ? 1 : -1;
    return (labels) => (Number(labels[key] ?? Number.NaN) - Number(value)) * sign > 0;
  }
  const set = setBased.exec(text);
  if (set === null) {
    const odd = /^\S+\s+(\S+)/.exec(text)?.[1] ?? text;
    throw badRequest(`unable to parse requirement: found '${odd}', expected: in, notin, =, ==, !=, gt, lt`);
  }
  const [, not, key, operator, list] = set as unknown as [string, string, string, string?, string?];
  checkKey(key);
  if (operator === undefined) return (labels) => (labels[key] !== undefined) === (not === "");
  const values = new Set((list ?? "").split(",").map((value) => value.trim()));
  if (operator === "in") return (labels) => labels[key] !== undefined && values.has(labels[key]);
  return (labels) => labels[key] === undefined || !values.has(labels[key]);
}

/** A label selector: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined by commas. */
export function parseLabelSelector(text: string | undefined): Selector {
  if (text === undefined || text.trim() === "") return everything;
  const requirements = requirementsOf(text).map(parseRequirement);
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return requirements.every((matches) => matches(labels));
  };
}

/** Fields whose name in selectors is not their path, or that read as something when absent. */
const named: Record<string, (object: KubeObject) => string> = {
  "status.successful": ({ status }) => String((status as { succeeded?: number } | undefined)?.succeeded ?? 0),
  "spec.unschedulable": ({ spec }) =>
    String((spec as { unschedulable?: boolean } | undefined)?.unschedulable === true),
};

function fieldOf(object: KubeObject, path: string): string {
  if (named[path] !== undefined) return named[path](object);
  let value: unknown = object;
  for (const part of path.split(".")) value = (value as Record<string, unknown> | undefined)?.[part];
  if (path === "source" && typeof value === "object") value = (value as { component?: string }).component;
  return value === undefined || value === null ? "" : String(value);
}

/** A field selector: `metadata.name=x`, `!=` too; a field that the kind does not index is refused. */
export function parseFieldSelector(text: string | undefined, kind: Kind): Selector {
  if (text === undefined || text.trim() === "") return everything;
  const allowed = ["metadata.name", ...(kind.namespaced ? ["metadata.namespace"] : []), ...kind.fieldLabels];
  const unescaped = (value: string): string => value.replaceAll(/\\([\\,=])/g, "$1");
  const parts = text.split(/(?<!\\),/).filter((part) => part !== "");
  const terms = parts.map((part) => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
    if (match === null) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
    const [, path, operator, value] = match as unknown as [string, string, string, string];
    if (!allowed.includes(path)) {
      const inJobs = `field label ${JSON.stringify(path)} not supported for Job`;
      throw badRequest(kind.resource === "jobs" ? inJobs : `field label not supported: ${path}`);
    }
    return { path, wanted: operator !== "!=", value: unescaped(value) };
  });
  return (object) => terms.every(({ path, wanted, value }) => (fieldOf(object, path) === value) === wanted);
}
