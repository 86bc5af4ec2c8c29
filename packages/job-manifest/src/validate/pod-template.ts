import type { V1ResourceRequirements } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { OWN_VOLUMES } from "../pod/volumes.ts";
import { agentPatch } from "../pod-template/apply-pod-template.ts";
import { merged } from "../pod-template/merge.ts";
import { podSpecRule } from "../pod-template/pod-rules.ts";
import { validateAnnotations, validateLabels } from "./metadata.ts";
import { dnsConfigRule } from "./pod/dns.ts";
import { validateResources } from "./resources.ts";
import { fields, object, type Rule, type Scope } from "./rule.ts";
import { volumeNames } from "./volumes.ts";

const AT = "podTemplate";

/** A user's pod template: it may add what is not the run's own, and weaken nothing that is not relaxed by name. */
export function validatePodTemplate(spec: AgentRunSpec): void {
  const { podTemplate, extraVolumes } = spec;
  const ours = { spec, isAgent: false, volumes: new Set<string>(OWN_VOLUMES) };
  if (podTemplate === undefined) return;
  const added = [...volumeNames(extraVolumes), ...volumeNames(podTemplate.spec?.volumes)];
  const scope: Scope = { ...ours, volumes: new Set([...OWN_VOLUMES, ...added]) };
  fields({ metadata, spec: podSpecRule })(podTemplate, AT, scope);
  validateTogether(spec, scope);
}

const metadata: Rule = (value, at, scope) => {
  const { labelDomain } = scope.spec.naming;
  const labels: Rule = (map, field) => {
    object(map, field, scope);
    validateLabels(map as Record<string, unknown>, field, labelDomain);
  };
  const annotations: Rule = (map, field) => {
    object(map, field, scope);
    const all = { ...scope.spec.annotations, ...(map as Record<string, unknown>) };
    validateAnnotations(all, field, labelDomain);
  };
  fields({ labels, annotations })(value, at, scope);
};

/** What is right by itself may be too much with what the description's own fields say. */
function validateTogether(spec: AgentRunSpec, scope: Scope): void {
  const patch = spec.podTemplate?.spec ?? {};
  const resources = agentPatch(spec)?.resources;
  if (resources) {
    const both = merged(spec.resources ?? {}, resources, "resources") as V1ResourceRequirements;
    validateResources(both, `${AT}.spec.containers[name=agent].resources`);
  }
  if (patch.dnsConfig) {
    dnsConfigRule(merged(spec.dnsConfig ?? {}, patch.dnsConfig, "dnsConfig"), `${AT}.spec.dnsConfig`, scope);
  }
}
