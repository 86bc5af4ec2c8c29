import type { AdapterRuntime } from "@paperclipai/adapter-utils";
import { sessionIdOf } from "./session-codec.ts";

/** A session that may be resumed, or why none is. */
export type SessionDecision =
  | {
      readonly sessionId: string;
      /** What the session had cost when it was stored, in US dollars; null where that is not known. */
      readonly resumedCostUsd: number | null;
      readonly reason: null;
    }
  | {
      readonly sessionId: null;
      readonly resumedCostUsd: null;
      /** For the run's log; null where there was no session. */
      readonly reason: string | null;
    };

/** What decides whether a session is resumed. */
export interface SessionToResumeOptions {
  readonly runtime: Pick<AdapterRuntime, "sessionId" | "sessionParams">;
  /**
   * What must be as it was when the session was stored: `podDirectory`, a bundle's key. A key that was not stored
   * decides nothing, since the host may hand back the id alone.
   */
  readonly expectations: Readonly<Record<string, string | null>>;
  /** Which ids the agent CLI knows. Default: one word that is no option and no path. */
  readonly idPattern?: RegExp;
}

const plainId = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/u;

/** The session to resume, by its id, where what it depends on is as it was. */
export function sessionToResume(options: SessionToResumeOptions): SessionDecision {
  const { runtime, expectations, idPattern = plainId } = options;
  const params = runtime.sessionParams ?? {};
  const sessionId = sessionIdOf(params) ?? sessionIdOf({ sessionId: runtime.sessionId });
  if (sessionId === null) return fresh(null);
  if (!plainId.test(sessionId) || !idPattern.test(sessionId)) {
    return fresh("the stored session id is not one of this agent's");
  }
  for (const [key, expected] of Object.entries(expectations)) {
    const stored = params[key];
    if (typeof stored === "string" && stored !== expected) {
      return fresh(
        `session ${sessionId} belongs to another ${key}: ${stored} instead of ${expected ?? "none"}`,
      );
    }
  }
  const cost = params["sessionCostUsd"];
  const isCost = typeof cost === "number" && Number.isFinite(cost) && cost >= 0;
  return { sessionId, resumedCostUsd: isCost ? cost : null, reason: null };
}

function fresh(reason: string | null): SessionDecision {
  return { sessionId: null, resumedCostUsd: null, reason };
}
