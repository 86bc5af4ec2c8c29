import type { AdapterSessionCodec } from "@paperclipai/adapter-utils";

/**
 * Stores and reads a session's parameters without losing a key. Also read are a bare id, the id's older spelling
 * `session_id`, and the JSON of either. What names no session is null.
 */
export function createSessionCodec(): AdapterSessionCodec {
  return { deserialize: readSession, serialize: readSession, getDisplayId: sessionIdOf };
}

/** The id of stored session parameters; null where they have none. */
export function sessionIdOf(params: Readonly<Record<string, unknown>> | null | undefined): string | null {
  for (const key of ["sessionId", "session_id"]) {
    const id = params?.[key];
    if (typeof id === "string" && id.trim() !== "") return id.trim();
  }
  return null;
}

function readSession(raw: unknown): Record<string, unknown> | null {
  if (typeof raw === "string") return raw.trim() === "" ? null : readText(raw.trim());
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return null;
  const sessionId = sessionIdOf(raw as Record<string, unknown>);
  return sessionId === null ? null : { ...raw, sessionId };
}

function readText(text: string): Record<string, unknown> | null {
  if (!text.startsWith("{")) return { sessionId: text };
  try {
    return readSession(JSON.parse(text));
  } catch {
    return null;
  }
}
