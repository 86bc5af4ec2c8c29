import type { FieldError } from "../../server/api-status.ts";
import type { Event, KubeObject } from "../objects.ts";
import { invalidValue } from "./field-errors.ts";

export function validateLease({ spec }: KubeObject): FieldError[] {
  const { leaseDurationSeconds: seconds } = (spec ?? {}) as { leaseDurationSeconds?: number };
  if (seconds === undefined || seconds > 0) return [];
  return [invalidValue("spec.leaseDurationSeconds", seconds, "must be greater than 0")];
}

export function validateEvent({ metadata, involvedObject }: Event): FieldError[] {
  const namespace = involvedObject?.namespace ?? "";
  if (namespace === metadata.namespace) return [];
  return [invalidValue("involvedObject.namespace", namespace, "does not match event.namespace")];
}
