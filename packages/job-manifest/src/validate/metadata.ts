import type { AgentRunSpec } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { isLabelValue } from "../identity/label-value.ts";
import { COMPONENT_LABEL, MANAGED_BY_LABEL } from "../identity/labels.ts";
import { KUEUE_QUEUE_LABEL } from "../resume-patch.ts";
import { isQualifiedName, quoted } from "./syntax.ts";
import { validateText } from "./text.ts";

// The Job controller's own, and the one that would start the Job behind the guard's back.
const RESERVED_KEYS: readonly string[] = [
  MANAGED_BY_LABEL,
  COMPONENT_LABEL,
  KUEUE_QUEUE_LABEL,
  "controller-uid",
  "job-name",
];
const RESERVED_DOMAIN = "batch.kubernetes.io";
// The API server's limit is 256 KiB for all annotations; ours take a part of it.
const MAX_ANNOTATION_BYTES = 200 * 1024;

/** A user's labels and annotations: valid, and none that is reserved. */
export function validateMetadata(spec: Pick<AgentRunSpec, "labels" | "annotations" | "naming">): void {
  const { labelDomain } = spec.naming;
  validateLabels(spec.labels ?? {}, "labels", labelDomain);
  validateAnnotations(spec.annotations ?? {}, "annotations", labelDomain);
}

/** A user's labels. `at` is the field that messages name. */
export function validateLabels(
  labels: Readonly<Record<string, unknown>>,
  at: string,
  labelDomain: string,
): void {
  for (const [key, value] of Object.entries(labels)) {
    validateKey(at, key, labelDomain);
    if (!isLabelValue(value)) {
      refuse(
        "invalid_label",
        `${at}.${key}`,
        `${at} has ${quoted(key)} = ${quoted(value)}: give at most 63 letters, digits, "-", "_" and "." that begin and end with a letter or digit, or use an annotation`,
      );
    }
  }
}

/** A user's annotations. `at` is the field that messages name. */
export function validateAnnotations(
  annotations: Readonly<Record<string, unknown>>,
  at: string,
  labelDomain: string,
): void {
  let total = 0;
  for (const [key, value] of Object.entries(annotations)) {
    validateKey(at, key, labelDomain);
    validateText(`${at}.${key}`, value);
    total += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (total > MAX_ANNOTATION_BYTES) {
    refuse(
      "invalid_label",
      at,
      `${at} are ${total} bytes, and at most ${MAX_ANNOTATION_BYTES} fit: shorten them`,
    );
  }
}

function validateKey(kind: string, key: string, labelDomain: string): void {
  if (!isQualifiedName(key)) {
    refuse(
      "invalid_label",
      `${kind}.${key}`,
      `${kind} has the key ${quoted(key)}: give a name of at most 63 letters, digits, "-", "_" and ".", or domain/name`,
    );
  }
  if (RESERVED_KEYS.includes(key) || [labelDomain, RESERVED_DOMAIN].includes(key.split("/")[0]!)) {
    refuse(
      "reserved_label",
      `${kind}.${key}`,
      `${kind} has the key ${quoted(key)}, which is reserved: use another`,
    );
  }
}
