import type { V1ResourceRequirements } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { fields, listOf, object, text } from "./rule.ts";
import { isQualifiedName, quoted } from "./syntax.ts";

const shape = fields({
  requests: object,
  limits: object,
  claims: listOf(fields({ name: text, request: text }, ["name"])),
});
const QUANTITY = /^\+?([0-9]+\.?[0-9]*|\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?$/;
/** What a container may have without a domain in its name. */
const STANDARD = /^(cpu|memory|ephemeral-storage|hugepages-[1-9][0-9]*[KMGT]i)$/;
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/**
 * Quantities with Kubernetes' syntax, names that it knows, no request above its limit.
 *
 * @param at the field that messages name; default "resources"
 */
export function validateResources(resources: V1ResourceRequirements | undefined, at = "resources"): void {
  const scope = { spec: {} as AgentRunSpec, isAgent: false, volumes: new Set<string>() };
  if (resources !== undefined) shape(resources, at, scope);
  const requests = resources?.requests ?? {};
  const limits = resources?.limits ?? {};
  for (const [name, quantity] of Object.entries(requests)) validateQuantity(`${at}.requests`, name, quantity);
  for (const [name, quantity] of Object.entries(limits)) validateQuantity(`${at}.limits`, name, quantity);
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit !== undefined && amount(request) > amount(limit)) {
      refuse(
        "invalid_quantity",
        `${at}.requests.${name}`,
        `${at}.requests.${name} is ${request}, above ${at}.limits.${name} (${limit}): raise the limit or lower the request`,
      );
    }
    if (!STANDARD.test(name) && (limit === undefined || amount(request) !== amount(limit))) {
      refuse(
        "invalid_quantity",
        `${at}.requests.${name}`,
        `${at}.requests.${name} is ${request}, and devices cannot be overcommitted: give the same in ${at}.limits.${name}, or the limit only`,
      );
    }
  }
  if (Object.keys({ ...requests, ...limits }).some((name) => name.startsWith("hugepages-"))) {
    requireMemoryOrCpu(at, { ...requests, ...limits });
  }
}

function requireMemoryOrCpu(at: string, all: Readonly<Record<string, string>>): void {
  if (all["cpu"] !== undefined || all["memory"] !== undefined) return;
  refuse("invalid_quantity", at, `${at} asks for huge pages alone: ask for cpu or memory too`);
}

/** Whether `text` is a resource quantity, and not a negative one. */
export function isQuantity(text: unknown): text is string {
  return typeof text === "string" && QUANTITY.test(text);
}

function validateQuantity(at: string, name: string, quantity: unknown): void {
  const field = `${at}.${name}`;
  if (!STANDARD.test(name) && !(isQualifiedName(name) && name.includes("/"))) {
    refuse(
      "invalid_name",
      field,
      `${at} has the name ${quoted(name)}: give cpu, memory, ephemeral-storage, hugepages-… or a device such as example.com/gpu`,
    );
  }
  if (!isQuantity(quantity)) {
    refuse(
      "invalid_quantity",
      field,
      `${field} is ${quoted(quantity)}: give a quantity as text, such as "500m" for half a CPU or "2Gi" for memory`,
    );
  }
  if (!STANDARD.test(name) && !Number.isInteger(amount(quantity))) {
    refuse(
      "invalid_quantity",
      field,
      `${field} is ${quantity}, and devices are counted: give a whole number`,
    );
  }
}

/** A quantity as a number; exact enough to compare, not to add. */
function amount(quantity: string): number {
  const [, digits = "", suffix = ""] = QUANTITY.exec(quantity) ?? [];
  if (/^[eE]./.test(suffix)) return Number(`${digits}${suffix}`);
  if (suffix !== "" && BINARY.includes(suffix)) return Number(digits) * 1024 ** BINARY.indexOf(suffix);
  return Number(digits) * 1000 ** (DECIMAL.indexOf(suffix) - DECIMAL.indexOf(""));
}
