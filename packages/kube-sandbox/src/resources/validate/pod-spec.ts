import type { FieldError } from "../../server/api-status.ts";
import type { Container, Pod, PodSpec, Volume } from "../objects.ts";
import { validateContainer } from "./container.ts";
import { duplicate, forbidden, invalidValue, notSupported, required } from "./field-errors.ts";
import { validateLabels } from "./metadata.ts";
import { labelNameProblems } from "./names.ts";

function validateVolume(volume: Volume, field: string): FieldError[] {
  const { name = "", ...sources } = volume;
  const [, ...extra] = Object.keys(sources);
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(`${field}.name`));
  else errors.push(...labelNameProblems(name).map((problem) => invalidValue(`${field}.name`, name, problem)));
  errors.push(
    ...extra.map((source) => forbidden(`${field}.${source}`, "may not specify more than 1 volume type")),
  );
  if (extra.length > 0) return errors;
  if (volume.secret !== undefined && !volume.secret.secretName)
    errors.push(required(`${field}.secret.secretName`));
  if (volume.configMap !== undefined && !volume.configMap.name)
    errors.push(required(`${field}.configMap.name`));
  const claim = volume.persistentVolumeClaim;
  if (claim !== undefined && !claim.claimName)
    errors.push(required(`${field}.persistentVolumeClaim.claimName`));
  return errors;
}

function validateContainers(
  list: readonly Container[],
  volumes: ReadonlySet<string>,
  seen: Set<string>,
  field: string,
): FieldError[] {
  const errors = list.flatMap((container, index) =>
    validateContainer(container, volumes, `${field}[${index}]`),
  );
  for (const [index, { name }] of list.entries()) {
    if (name && seen.has(name)) errors.push(duplicate(`${field}[${index}].name`, name));
    seen.add(name);
  }
  return errors;
}

/** The spec of a pod or of a Job's template. `policies` is what `restartPolicy` may be. */
export function validatePodSpec(spec: PodSpec, field: string, policies: readonly string[]): FieldError[] {
  const seenVolumes = new Set<string>();
  const usable = new Set<string>();
  const volumeErrors = (spec.volumes ?? []).flatMap((volume, index) => {
    const errors = validateVolume(volume, `${field}.volumes[${index}]`);
    if (errors.length === 0 && seenVolumes.has(volume.name)) {
      errors.push(duplicate(`${field}.volumes[${index}].name`, volume.name));
    }
    if (errors.length === 0) usable.add(volume.name);
    seenVolumes.add(volume.name);
    return errors;
  });
  const names = new Set<string>();
  const policy = spec.restartPolicy;
  return [
    ...volumeErrors,
    ...((spec.containers ?? []).length === 0 ? [required(`${field}.containers`)] : []),
    ...validateContainers(spec.containers ?? [], usable, names, `${field}.containers`),
    ...validateContainers(spec.initContainers ?? [], usable, names, `${field}.initContainers`),
    ...(policy !== undefined && !["Always", "OnFailure", "Never"].includes(policy)
      ? [notSupported(`${field}.restartPolicy`, policy, ["Always", "OnFailure", "Never"])]
      : []),
    ...validateLabels(spec.nodeSelector, `${field}.nodeSelector`),
    ...(policies.length === 2 && !policies.includes(policy ?? "")
      ? [required(`${field}.restartPolicy`, 'valid values: "OnFailure", "Never"')]
      : []),
  ];
}

const updateHint =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

function fixedPart(spec: PodSpec): string {
  const { activeDeadlineSeconds: _, tolerations: __, ...rest } = structuredClone(spec);
  for (const container of [...rest.containers, ...(rest.initContainers ?? [])]) delete container.image;
  return JSON.stringify(rest);
}

/** What may not change in a pod. */
export function validatePodUpdate(old: Pod, next: Pod): FieldError[] {
  return fixedPart(old.spec) === fixedPart(next.spec) ? [] : [forbidden("spec", updateHint)];
}
