import type { V1Toleration } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { isLabelValue } from "../identity/label-value.ts";
import { isQualifiedName, quoted } from "./syntax.ts";

const EFFECTS: readonly unknown[] = [undefined, "", "NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Node selection and tolerations, with the API server's rules. */
export function validateScheduling(spec: Pick<AgentRunSpec, "nodeSelector" | "tolerations">): void {
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
    if (!isQualifiedName(key) || typeof value !== "string" || !isLabelValue(value)) {
      refuse(
        "invalid_label",
        `nodeSelector.${key}`,
        `nodeSelector has ${quoted(key)} = ${quoted(value)}: give a node's label, such as kubernetes.io/arch = amd64`,
      );
    }
  }
  for (const [index, toleration] of (spec.tolerations ?? []).entries()) {
    validateToleration(`tolerations[${index}]`, toleration);
  }
}

function validateToleration(field: string, toleration: V1Toleration): void {
  const { key, operator = "Equal", value, effect, tolerationSeconds } = toleration;
  const wrong = (part: string, message: string) => refuse("invalid_pod_option", `${field}.${part}`, message);
  if (operator !== "Equal" && operator !== "Exists") {
    wrong("operator", `${field}.operator is ${quoted(operator)}: give Equal or Exists`);
  }
  if (key ? !isQualifiedName(key) : operator !== "Exists") {
    wrong("key", `${field}.key is ${quoted(key)}: give a taint's key, or none with the operator Exists`);
  }
  if (operator === "Exists" ? Boolean(value) : !isLabelValue(value ?? "")) {
    wrong("value", `${field}.value is ${quoted(value)}: give a taint's value with Equal, none with Exists`);
  }
  if (!EFFECTS.includes(effect)) {
    wrong("effect", `${field}.effect is ${quoted(effect)}: give NoSchedule, PreferNoSchedule or NoExecute`);
  }
  if (tolerationSeconds != null && effect !== "NoExecute") {
    wrong(
      "tolerationSeconds",
      `${field}.tolerationSeconds goes with the effect NoExecute only: leave it out`,
    );
  }
}
