import { isLabelValue } from "../../identity/label-value.ts";
import { fields, listOf, named, oneOf, type Rule, requireObject, wrong } from "../rule.ts";
import { isQualifiedName, quoted } from "../syntax.ts";

/** The key of a label. */
export const labelKey: Rule = named(isQualifiedName, "a label's key, such as kubernetes.io/arch");

const labelValueRule: Rule = (value, at) => {
  if (!isLabelValue(value)) {
    wrong(at, `is ${quoted(value)}: give a label's value`, "invalid_label");
  }
};

/** A map of labels. */
export const labelMap: Rule = (value, at, scope) => {
  for (const [key, label] of Object.entries(requireObject(value, at))) {
    labelKey(key, `${at}.${key}`, scope);
    labelValueRule(label, `${at}.${key}`, scope);
  }
};

/** One requirement of a selector: `In` and `NotIn` want values, `Exists` and `DoesNotExist` none, `Gt` and `Lt` one number. */
export function requirement(...operators: readonly string[]): Rule {
  const shape = fields({ key: labelKey, operator: oneOf(...operators), values: listOf(labelValueRule) }, [
    "key",
    "operator",
  ]);
  return (value, at, scope) => {
    shape(value, at, scope);
    const { operator, values = [] } = value as { operator: string; values?: readonly string[] };
    const isRight = /In$/.test(operator)
      ? values.length > 0
      : /^[GL]t$/.test(operator)
        ? values.length === 1 && /^-?[0-9]+$/.test(values[0]!)
        : values.length === 0;
    if (!isRight) {
      const wanted = /In$/.test(operator) ? "at least one" : /^[GL]t$/.test(operator) ? "one number" : "none";
      wrong(`${at}.values`, `does not go with ${operator}: give ${wanted}`);
    }
  };
}

/** A label selector. */
export const labelSelector: Rule = fields({
  matchLabels: labelMap,
  matchExpressions: listOf(requirement("In", "NotIn", "Exists", "DoesNotExist")),
});

/** Label keys whose values come from the pod itself. */
export const labelKeys: Rule = listOf(labelKey);
