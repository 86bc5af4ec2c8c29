import { badRequest, type FieldError, invalid } from "../../server/api-status.ts";
import { type Kind, kindOf } from "../kinds.ts";
import type { KubeObject, PodSpec, ResourceName, Stored } from "../objects.ts";
import { parseQuantity } from "../quantity.ts";
import { validateClaim, validateClaimUpdate } from "./claim.ts";
import { validateJob, validateJobUpdate } from "./job.ts";
import { validateEvent, validateLease } from "./lease-and-event.ts";
import { validateMetadata, validateMetadataUpdate } from "./metadata.ts";
import { validatePodSpec, validatePodUpdate } from "./pod-spec.ts";
import { validateConfigMap, validateImmutable, validateSecret } from "./secret.ts";

interface Rules<T> {
  create(object: T): FieldError[];
  update?(old: T, next: T): FieldError[];
}

const rules: { [R in ResourceName]?: Rules<Stored[R]> } = {
  pods: { create: (pod) => validatePodSpec(pod.spec, "spec", []), update: validatePodUpdate },
  jobs: { create: validateJob, update: validateJobUpdate },
  secrets: { create: validateSecret, update: validateImmutable },
  configmaps: { create: validateConfigMap, update: validateImmutable },
  leases: { create: validateLease },
  events: { create: validateEvent },
  persistentvolumeclaims: { create: validateClaim, update: validateClaimUpdate },
};

function rulesOf(kind: Kind): Rules<KubeObject> | undefined {
  return rules[kind.resource] as Rules<KubeObject> | undefined;
}

/** Quantities are read while decoding, so a bad one is a 400, before anything else is looked at. */
export function checkQuantities(kind: Kind, spec: PodSpec | undefined): void {
  for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) {
    const amounts = [container.resources?.limits, container.resources?.requests];
    for (const amount of amounts.flatMap((one) => Object.values(one ?? {}))) {
      if (parseQuantity(amount) !== undefined) continue;
      throw badRequest(
        `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: quantities must match ` +
          `the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
      );
    }
  }
}

/** Throws the 422 that the API would answer to a new object. */
export function validateNew(resource: ResourceName, object: KubeObject): void {
  const kind = kindOf(resource);
  const errors = [...validateMetadata(kind, object.metadata), ...(rulesOf(kind)?.create(object) ?? [])];
  if (errors.length > 0) throw invalid(kind, object.metadata.name, errors);
}

/** Throws the 422 that the API would answer to a changed object. */
export function validateChanged(resource: ResourceName, old: KubeObject, next: KubeObject): void {
  const kind = kindOf(resource);
  const own = rulesOf(kind);
  const wrong = own?.create(next) ?? [];
  const errors = [
    ...validateMetadataUpdate(old.metadata, next.metadata),
    ...validateMetadata(kind, next.metadata),
    ...wrong,
    // What is wrong in itself is not compared with what was there.
    ...(wrong.length === 0 ? (own?.update?.(old, next) ?? []) : []),
  ];
  if (errors.length > 0) throw invalid(kind, old.metadata.name, errors);
}
