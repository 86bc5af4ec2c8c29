import { fields, listOf, oneOf, type Rule, whole, wrong } from "../rule.ts";
import { labelKey, labelKeys, labelSelector } from "./label-selector.ts";

const policy = oneOf("Honor", "Ignore");

const constraint = fields(
  {
    maxSkew: whole(1),
    topologyKey: labelKey,
    whenUnsatisfiable: oneOf("DoNotSchedule", "ScheduleAnyway"),
    labelSelector,
    minDomains: whole(1),
    nodeAffinityPolicy: policy,
    nodeTaintsPolicy: policy,
    matchLabelKeys: labelKeys,
  },
  ["maxSkew", "topologyKey", "whenUnsatisfiable"],
);

interface Constraint {
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  readonly minDomains?: number;
  readonly matchLabelKeys?: readonly string[];
  readonly labelSelector?: unknown;
}

/** The pod's `topologySpreadConstraints`. */
export const topologySpreadRule: Rule = (value, at, scope) => {
  listOf(constraint)(value, at, scope);
  const seen = new Set<string>();
  for (const [index, item] of (value as readonly Constraint[]).entries()) {
    const field = `${at}[${index}]`;
    const pair = `${item.topologyKey} ${item.whenUnsatisfiable}`;
    if (seen.has(pair)) wrong(field, `repeats ${pair}: leave one out`);
    seen.add(pair);
    if (item.minDomains !== undefined && item.whenUnsatisfiable !== "DoNotSchedule") {
      wrong(`${field}.minDomains`, "goes with DoNotSchedule only: leave it out");
    }
    if (item.matchLabelKeys?.length && item.labelSelector === undefined) {
      wrong(`${field}.matchLabelKeys`, "goes with a labelSelector only: give one");
    }
  }
};
