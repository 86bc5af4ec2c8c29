// What the definitions of coding agents have in common where they say how their CLI ended.
import type { FailureFamily, TokenUsage, AgentFailure as ToldFailure } from "@paperclip-k8s/stream-json";
import type { AgentEnd, AgentFailure, AgentResult, AgentVerdict } from "../agent-definition.ts";

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

/** A failure that the CLI's events tell, in the host's terms; null where they tell none. */
export function failureFrom(
  meanings: Readonly<Record<FailureFamily, FailureMeaning>>,
  told: ToldFailure | undefined,
): AgentFailure | null {
  if (told === undefined) return null;
  const { code, family } = meanings[told.family];
  const retryNotBefore = told.retryAt === undefined ? null : asIsoTime(told.retryAt);
  return { code, family, message: told.message, retryNotBefore };
}

/** What becomes of the session. What failed in a fresh one would fail in the next one, too. */
export function sessionAfter(
  meanings: Readonly<Record<FailureFamily, FailureMeaning>>,
  failure: AgentFailure | null,
  resumed: boolean,
): Session {
  const meaning = Object.values(meanings).find(({ code }) => code === failure?.code);
  const session = meaning?.session ?? "keep";
  return session === "retry_fresh" && !resumed ? "clear" : session;
}

/** A failure that waiting does not help. */
export function failureWithCode(code: string, message: string): AgentFailure {
  return { code, family: null, message, retryNotBefore: null };
}

/** How a process ended, in words. */
export function statusOf({ exitCode, signal }: Pick<AgentEnd, "exitCode" | "signal">): string {
  return signal === null ? `status ${exitCode ?? "unknown"}` : signal;
}

/** Why a process most likely ended without the event that closes a run. */
export function likelyCause({ exitCode, signal }: Pick<AgentEnd, "exitCode" | "signal">): string {
  if (signal === "SIGKILL" || exitCode === 137)
    return "most likely killed from outside, for memory or by the node";
  if (signal === "SIGTERM" || exitCode === 143) return "most likely asked to end from outside";
  if (exitCode === 0) return "most likely because its output was cut off";
  return "most likely because the program crashed";
}

/** The end of a run that began and did not come to its closing event. */
export function truncatedEnd(options: {
  readonly code: string;
  /** What began, with its model. */
  readonly what: string;
  /** The event that did not come. */
  readonly without: string;
  readonly end: Pick<AgentEnd, "exitCode" | "signal" | "result" | "stderrTail">;
}): AgentFailure {
  const { code, what, without, end } = options;
  const trouble = end.result.failure;
  const cause = trouble === null ? likelyCause(end) : `while this was not overcome: ${trouble.message}`;
  const words = lastWords(end.stderrTail);
  const message = `${what} began and ended with ${statusOf(end)} without ${without}, ${cause}${words}`;
  return {
    ...failureWithCode(code, message),
    ...(trouble && { family: trouble.family, retryNotBefore: trouble.retryNotBefore }),
  };
}

/** The last line of stderr for the end of a message, without colours, cut to what fits. */
export function lastWords(stderr: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are what is taken out.
  const text = stderr.replace(/\u001b\[[\d;]*m/g, "");
  const line = text.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "." : `: ${line.slice(0, 500)}`;
}

/** Tokens in the host's terms: what is written to a cache is paid as input. */
export function usageFrom(usage: TokenUsage | undefined): AgentResult["usage"] {
  if (usage === undefined) return null;
  return {
    inputTokens: usage.inputTokens + usage.cacheCreationTokens,
    outputTokens: usage.outputTokens,
    cachedInputTokens: usage.cacheReadTokens,
  };
}

/** Dates end in the year 275760; the provider may send any number. */
function asIsoTime(ms: number): string | null {
  return Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
