import type { V1Toleration } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { isLabelValue } from "../identity/label-value.ts";
import { affinityRule } from "./pod/affinity.ts";
import { dnsConfigRule } from "./pod/dns.ts";
import { isQualifiedName, quoted } from "./syntax.ts";

const EFFECTS: readonly unknown[] = [undefined, "", "NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Node selection, tolerations, affinity and DNS, with the API server's rules. */
export function validateScheduling(spec: AgentRunSpec): void {
  const scope = { spec, isAgent: false, volumes: new Set<string>() };
  if (spec.affinity !== undefined) affinityRule(spec.affinity, "affinity", scope);
  if (spec.dnsConfig !== undefined) dnsConfigRule(spec.dnsConfig, "dnsConfig", scope);
  validateNodeSelector(spec.nodeSelector, "nodeSelector");
  for (const [index, toleration] of (spec.tolerations ?? []).entries()) {
    validateToleration(`tolerations[${index}]`, toleration);
  }
}

/** Labels that a node must have. */
export function validateNodeSelector(nodeSelector: AgentRunSpec["nodeSelector"], at: string): void {
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    if (!isQualifiedName(key) || !isLabelValue(value)) {
      refuse(
        "invalid_label",
        `${at}.${key}`,
        `${at} has ${quoted(key)} = ${quoted(value)}: give a node's label, such as kubernetes.io/arch = amd64`,
      );
    }
  }
}

/** One toleration, with the API server's rules. */
export function validateToleration(field: string, toleration: V1Toleration): void {
  const { key, operator = "Equal", value, effect, tolerationSeconds } = toleration;
  const wrong = (part: string, message: string) => refuse("invalid_pod_option", `${field}.${part}`, message);
  if (operator !== "Equal" && operator !== "Exists") {
    wrong("operator", `${field}.operator is ${quoted(operator)}: give Equal or Exists`);
  }
  if (key ? !isQualifiedName(key) : operator !== "Exists" || !(key == null || key === "")) {
    wrong("key", `${field}.key is ${quoted(key)}: give a taint's key, or none with the operator Exists`);
  }
  if (operator === "Exists" ? value != null && value !== "" : !isLabelValue(value ?? "")) {
    wrong("value", `${field}.value is ${quoted(value)}: give a taint's value with Equal, none with Exists`);
  }
  if (!EFFECTS.includes(effect)) {
    wrong("effect", `${field}.effect is ${quoted(effect)}: give NoSchedule, PreferNoSchedule or NoExecute`);
  }
  if (tolerationSeconds != null && !Number.isSafeInteger(tolerationSeconds)) {
    wrong("tolerationSeconds", `${field}.tolerationSeconds is no whole number: give seconds`);
  }
  if (tolerationSeconds != null && effect !== "NoExecute") {
    wrong(
      "tolerationSeconds",
      `${field}.tolerationSeconds goes with the effect NoExecute only: leave it out`,
    );
  }
}
