import type { V1ResourceRequirements } from "@kubernetes/client-node";
import { refuse } from "../error.ts";
import { isQualifiedName, quoted } from "./syntax.ts";

const QUANTITY = /^\+?([0-9]+\.?[0-9]*|\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?$/;
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** Quantities with Kubernetes' syntax, and no request above its limit. */
export function validateResources(resources: V1ResourceRequirements | undefined): void {
  const requests = resources?.requests ?? {};
  const limits = resources?.limits ?? {};
  for (const [name, quantity] of Object.entries(requests)) validateQuantity("requests", name, quantity);
  for (const [name, quantity] of Object.entries(limits)) validateQuantity("limits", name, quantity);
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit !== undefined && amount(request) > amount(limit)) {
      refuse(
        "invalid_quantity",
        `resources.requests.${name}`,
        `resources.requests.${name} is ${request}, above resources.limits.${name} (${limit}): raise the limit or lower the request`,
      );
    }
  }
}

/** Whether `text` is a resource quantity, and not a negative one. */
export function isQuantity(text: unknown): text is string {
  return typeof text === "string" && QUANTITY.test(text);
}

function validateQuantity(kind: string, name: string, quantity: unknown): void {
  const field = `resources.${kind}.${name}`;
  if (!isQualifiedName(name)) {
    refuse(
      "invalid_name",
      field,
      `resources.${kind} has the name ${quoted(name)}: give one such as cpu or memory`,
    );
  }
  if (!isQuantity(quantity)) {
    refuse(
      "invalid_quantity",
      field,
      `${field} is ${quoted(quantity)}: give a quantity as text, such as "500m" for half a CPU or "2Gi" for memory`,
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
