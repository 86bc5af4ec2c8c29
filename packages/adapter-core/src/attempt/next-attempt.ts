import type { Outcome } from "@paperclip-k8s/job-supervisor";
import type { AgentResult, AgentVerdict } from "../agent-definition.ts";
import type { ResumedSession } from "./run-setting.ts";

/** What follows the end of an attempt. */
export type Sequel =
  /** The attempt's end is the run's. */
  | { readonly kind: "none" }
  /** What was followed was another run's work: this run's own comes now, in the session that the other left. */
  | { readonly kind: "own_work"; readonly session: ResumedSession }
  /** The session cannot be resumed: once more, with a fresh one. */
  | { readonly kind: "fresh_session"; readonly session: ResumedSession };

const FRESH: ResumedSession = { sessionId: null, resumedCostUsd: null };

/** What follows an attempt: a pure decision. */
export function sequelOf(options: {
  readonly outcome: Pick<Outcome, "kind" | "writer">;
  readonly agent: Pick<AgentResult, "sessionId" | "sessionCostUsd">;
  readonly verdict: Pick<AgentVerdict, "session">;
  /** The session that the attempt resumed. */
  readonly session: ResumedSession;
  readonly attempt: number;
  /** Whether the attempt was an orphan's, with a prompt that is not this run's. */
  readonly isOthersWork: boolean;
  /** Whether the run has been cancelled by now. */
  readonly isCancelled: boolean;
}): Sequel {
  const { outcome, agent, verdict, session, attempt, isOthersWork, isCancelled } = options;
  if (isCancelled || outcome.kind === "cancelled") return { kind: "none" };
  // However the orphan ended, this run's prompt was not in it. One that may still work counts as live, though.
  if (isOthersWork && outcome.writer !== "not_confirmed")
    return { kind: "own_work", session: sessionLeft(agent, verdict, session) };
  const hasSpoken = outcome.kind === "succeeded" || outcome.kind === "failed";
  if (hasSpoken && verdict.session === "retry_fresh" && attempt === 1)
    return { kind: "fresh_session", session: FRESH };
  return { kind: "none" };
}

function sessionLeft(
  agent: Pick<AgentResult, "sessionId" | "sessionCostUsd">,
  verdict: Pick<AgentVerdict, "session">,
  session: ResumedSession,
): ResumedSession {
  if (verdict.session !== "keep") return FRESH;
  if (agent.sessionId === null) return session;
  return { sessionId: agent.sessionId, resumedCostUsd: agent.sessionCostUsd };
}
