import type { FieldError } from "../../server/api-status.ts";
import type { PersistentVolumeClaim } from "../objects.ts";
import { forbidden, notSupported, required } from "./field-errors.ts";

const immutable =
  "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
const modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

export function validateClaim(claim: PersistentVolumeClaim): FieldError[] {
  const accessModes = claim.spec?.accessModes ?? [];
  return [
    ...(accessModes.length === 0 ? [required("spec.accessModes", "at least 1 access mode is required")] : []),
    ...accessModes
      .filter((mode) => !modes.includes(mode))
      .map((mode) => notSupported("spec.accessModes", mode, modes)),
    ...(claim.spec?.resources?.requests?.["storage"] === undefined
      ? [required("spec.resources[storage]")]
      : []),
  ];
}

export function validateClaimUpdate(old: PersistentVolumeClaim, next: PersistentVolumeClaim): FieldError[] {
  const same = JSON.stringify(old.spec.accessModes) === JSON.stringify(next.spec.accessModes);
  return same ? [] : [forbidden("spec", immutable)];
}
