import type { FailureFamily } from "@paperclip-k8s/stream-json";
import type { AgentFailure, AgentVerdict } from "../agent-definition.ts";

type Session = AgentVerdict["session"];

/** What a family of failures means for the host. */
export interface FailureMeaning {
  /** The error code. */
  readonly code: string;
  /** What the host may do by itself. */
  readonly family: AgentFailure["family"];
  /** What becomes of the session. */
  readonly session: Session;
}

/** The meaning of every family that stream-json tells apart. `prefix` begins the codes that are the agent's own. */
export function failureMeanings(prefix: string): Readonly<Record<FailureFamily, FailureMeaning>> {
  const own = (name: string, session: Session = "keep"): FailureMeaning => ({
    code: `${prefix}_${name}`,
    family: null,
    session,
  });
  return {
    transient_upstream: { ...own("transient_upstream"), family: "transient_upstream" },
    provider_quota: { code: "provider_quota", family: "provider_quota", session: "keep" },
    billing_required: own("billing_required"),
    auth_required: own("auth_required"),
    model_not_found: { code: "model_not_found", family: null, session: "keep" },
    model_refusal: { ...own("refusal"), family: "model_refusal" },
    context_overflow: own("context_overflow", "clear"),
    poisoned_session: own("poisoned_session", "retry_fresh"),
    unknown_session: own("unknown_session", "retry_fresh"),
    output_limit: own("output_limit"),
    max_turns: { code: "max_turns_exhausted", family: null, session: "clear" },
    max_budget: own("max_budget"),
    invalid_request: own("invalid_request"),
    unclassified: own("failed"),
  };
}
