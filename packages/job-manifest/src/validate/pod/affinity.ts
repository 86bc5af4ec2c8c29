import { fields, listOf, named, oneOf, type Rule, whole, wrong } from "../rule.ts";
import { isDnsLabel, isDnsSubdomain } from "../syntax.ts";
import { labelKey, labelKeys, labelSelector, requirement } from "./label-selector.ts";

const notEmpty: Rule = (value, at) => {
  if (Array.isArray(value) && value.length === 0) wrong(at, "is empty: give at least one term");
};

const nodeField: Rule = fields(
  {
    key: oneOf("metadata.name"),
    operator: oneOf("In", "NotIn"),
    values: (value, at, scope) => {
      listOf(named(isDnsSubdomain, "a node's name"))(value, at, scope);
      if ((value as readonly unknown[]).length !== 1) wrong(at, "names not exactly one node: give one");
    },
  },
  ["key", "operator", "values"],
);

const nodeTerm = fields({
  matchExpressions: listOf(requirement("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")),
  matchFields: listOf(nodeField),
});

const weight = whole(1, 100);

const nodeTerms: Rule = (value, at, scope) => {
  listOf(nodeTerm)(value, at, scope);
  notEmpty(value, at, scope);
};

const nodeAffinity = fields({
  requiredDuringSchedulingIgnoredDuringExecution: fields({ nodeSelectorTerms: nodeTerms }, [
    "nodeSelectorTerms",
  ]),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(
    fields({ weight, preference: nodeTerm }, ["weight", "preference"]),
  ),
});

const podTerm = fields(
  {
    labelSelector,
    namespaceSelector: labelSelector,
    namespaces: listOf(named(isDnsLabel, "a namespace")),
    topologyKey: labelKey,
    matchLabelKeys: labelKeys,
    mismatchLabelKeys: labelKeys,
  },
  ["topologyKey"],
);

const podAffinity = fields({
  requiredDuringSchedulingIgnoredDuringExecution: listOf(podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(
    fields({ weight, podAffinityTerm: podTerm }, ["weight", "podAffinityTerm"]),
  ),
});

/** The pod's `affinity`, with the API server's rules. */
export const affinityRule: Rule = fields({ nodeAffinity, podAffinity, podAntiAffinity: podAffinity });
