import { randomBytes } from "node:crypto";

/** Kubernetes leaves out vowels and lookalikes, so that no words arise. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** A prefix with five random characters, cut so that the whole is a DNS label. */
export function generatedName(prefix: string): string {
  const suffix = [...randomBytes(5)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return `${prefix.slice(0, 58)}${suffix}`;
}
