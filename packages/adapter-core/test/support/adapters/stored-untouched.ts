import type { ConfigFieldSchema } from "@paperclipai/adapter-utils";

/**
 * What the host's form stores for a new agent when nobody has touched its inputs (Paperclip 2026.824.1 and 2026.916.1,
 * seen in their UI's code).
 */
export function storedUntouched(fields: readonly ConfigFieldSchema[]): Record<string, unknown> {
  const stored = fields.map(({ key, ...field }) => [key, initialValue(field)] as const);
  return Object.fromEntries(stored.filter(([, value]) => value !== undefined && value !== ""));
}

function initialValue({ type, default: fallback, options }: Omit<ConfigFieldSchema, "key">): unknown {
  if (fallback !== undefined) return fallback;
  if (type === "toggle") return false;
  if (type === "number") return 0;
  return type === "select" ? (options?.[0]?.value ?? "") : undefined;
}
