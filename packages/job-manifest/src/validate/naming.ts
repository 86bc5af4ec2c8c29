import type { RunNaming } from "../agent-run-spec.ts";
import { refuse } from "../error.ts";
import { isLabelValue } from "../identity/label-value.ts";
import { isDnsSubdomain, quoted } from "./syntax.ts";

// What is left of a DNS label beside two slugs, a hash, an attempt of three digits and their dashes.
const MAX_PREFIX_LENGTH = 18;

/** The prefix, the label domain and the values that every Job of an adapter shares. */
export function validateNaming(naming: RunNaming): void {
  const { jobPrefix, labelDomain, managedBy, instanceId } = naming;
  if (
    typeof jobPrefix !== "string" ||
    !/^[a-z]([a-z0-9-]*-)?$/.test(jobPrefix) ||
    !jobPrefix.endsWith("-") ||
    jobPrefix.length > MAX_PREFIX_LENGTH
  ) {
    refuse(
      "invalid_name",
      "naming.jobPrefix",
      `naming.jobPrefix is ${quoted(jobPrefix)}: give at most ${MAX_PREFIX_LENGTH} lower-case letters, digits and dashes that begin with a letter and end with a dash, such as "ac-"`,
    );
  }
  if (!isDnsSubdomain(labelDomain)) {
    refuse(
      "invalid_name",
      "naming.labelDomain",
      `naming.labelDomain is ${quoted(labelDomain)}: give a DNS name such as "example.com"`,
    );
  }
  requireLabelValue("naming.managedBy", managedBy);
  requireLabelValue("naming.instanceId", instanceId);
}

function requireLabelValue(field: string, value: string): void {
  if (value === "" || !isLabelValue(value)) {
    refuse(
      "invalid_label",
      field,
      `${field} is ${quoted(value)}, which no label can hold: give 1 to 63 letters, digits, "-", "_" and "." that begin and end with a letter or digit`,
    );
  }
}
