import type { FieldError } from "../../server/api-status.ts";
import type { Job, JobSpec } from "../objects.ts";
import { forbidden, invalidValue, notSupported } from "./field-errors.ts";
import { validateAnnotations, validateLabels } from "./metadata.ts";
import { validatePodSpec } from "./pod-spec.ts";

function validateNumbers(spec: JobSpec): FieldError[] {
  const names = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
  ] as const;
  return names.flatMap((name) => {
    const value = spec[name];
    if (value === undefined || value >= 0) return [];
    return [invalidValue(`spec.${name}`, value, "must be greater than or equal to 0")];
  });
}

/** What the real API has and the sandbox does not; refused rather than ignored. */
function refuseUnknownFeatures(spec: JobSpec): FieldError[] {
  const refused = ["podFailurePolicy", "successPolicy"] as const;
  return [
    ...refused.flatMap((name) =>
      spec[name] === undefined ? [] : [forbidden(`spec.${name}`, "kube-sandbox does not know it")],
    ),
    ...(spec.completionMode === "NonIndexed"
      ? []
      : [forbidden("spec.completionMode", "kube-sandbox knows NonIndexed only")]),
    ...(spec.manualSelector === true
      ? [forbidden("spec.manualSelector", "kube-sandbox does not know it")]
      : []),
  ];
}

const replacementPolicies = ["Failed", "TerminatingOrFailed"];

export function validateJob(job: Job): FieldError[] {
  const { spec } = job;
  const { template } = spec;
  const policy = spec.podReplacementPolicy ?? "Failed";
  return [
    ...validateNumbers(spec),
    ...(replacementPolicies.includes(policy)
      ? []
      : [notSupported("spec.podReplacementPolicy", policy, replacementPolicies)]),
    ...refuseUnknownFeatures(spec),
    ...validateLabels(template.metadata?.labels, "spec.template.labels"),
    ...validateAnnotations(template.metadata?.annotations, "spec.template.annotations"),
    ...validatePodSpec(template.spec, "spec.template.spec", ["OnFailure", "Never"]),
  ];
}

/** The parts of a template that may still change while a Job is suspended and has not started. */
function fixedTemplate(job: Job, mayBeScheduled: boolean): string {
  const template = structuredClone(job.spec.template);
  if (mayBeScheduled) {
    const spec = template.spec as unknown as Record<string, unknown>;
    for (const name of ["nodeSelector", "affinity", "tolerations", "schedulingGates"]) delete spec[name];
    delete template.metadata;
  }
  return JSON.stringify(template);
}

/** What may not change in a Job. */
export function validateJobUpdate(old: Job, next: Job): FieldError[] {
  const errors: FieldError[] = [];
  const immutable = (field: string, value: unknown) =>
    errors.push(invalidValue(field, value, "field is immutable"));
  const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
  if (!same(old.spec.selector, next.spec.selector)) {
    errors.push(invalidValue("spec.selector", next.spec.selector, "`selector` not auto-generated"));
  }
  if (!same(old.spec.completions, next.spec.completions))
    immutable("spec.completions", next.spec.completions);
  if (!same(old.spec.selector, next.spec.selector)) immutable("spec.selector", next.spec.selector);
  const notStarted = old.spec.suspend === true && old.status.startTime === undefined;
  if (fixedTemplate(old, notStarted) !== fixedTemplate(next, notStarted))
    immutable("spec.template", next.spec.template);
  if (!same(old.spec.completionMode, next.spec.completionMode))
    immutable("spec.completionMode", next.spec.completionMode);
  if (!same(old.spec.podReplacementPolicy, next.spec.podReplacementPolicy)) {
    immutable("spec.podReplacementPolicy", next.spec.podReplacementPolicy);
  }
  return errors;
}
