import type { AgentRunSpec } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { isLabelValue } from "../identity/label-value.ts";
import { isDnsLabel, isDnsSubdomain, isImageReference, quoted } from "./syntax.ts";

const PULL_POLICIES: readonly unknown[] = [undefined, "Always", "IfNotPresent", "Never"];

/** The names of other objects: image, namespace, claim, service account, classes, queue. */
export function validateReferences(spec: AgentRunSpec): void {
  if (!isDnsLabel(spec.namespace)) {
    refuse(
      "invalid_name",
      "namespace",
      `namespace is ${quoted(spec.namespace)}: give 1 to 63 lower-case letters, digits and dashes`,
    );
  }
  if (!isImageReference(spec.image)) {
    refuse(
      "invalid_name",
      "image",
      `image is ${quoted(spec.image)}: give a reference such as registry.example.com/team/agent:1`,
    );
  }
  if (!PULL_POLICIES.includes(spec.imagePullPolicy)) {
    refuse(
      "invalid_pod_option",
      "imagePullPolicy",
      `imagePullPolicy is ${quoted(spec.imagePullPolicy)}: give Always, IfNotPresent or Never`,
    );
  }
  requireObjectName("volume.claimName", spec.volume.claimName);
  requireObjectName("serviceAccountName", spec.serviceAccountName);
  requireObjectName("priorityClassName", spec.priorityClassName);
  requireObjectName("runtimeClassName", spec.runtimeClassName);
  for (const [index, name] of (spec.imagePullSecrets ?? []).entries()) {
    requireObjectName(`imagePullSecrets[${index}]`, name);
  }
  if (spec.kueueQueue !== undefined && (spec.kueueQueue === "" || !isLabelValue(spec.kueueQueue))) {
    refuse(
      "invalid_label",
      "kueueQueue",
      `kueueQueue is ${quoted(spec.kueueQueue)}: give the name of a LocalQueue (a label value), or leave it out`,
    );
  }
}

function requireObjectName(field: string, name: string | undefined): void {
  if (name === undefined || isDnsSubdomain(name)) return;
  refuse(
    "invalid_name",
    field,
    `${field} is ${quoted(name)}: give an object's name (lower-case letters, digits, "-" and ".", at most 253), or leave it out`,
  );
}
