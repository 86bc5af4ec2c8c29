// What the definitions of coding agents have in common where they say how their CLI ended.
import type { FailureFamily, TokenUsage, AgentFailure as ToldFailure } from "@paperclip-k8s/stream-json";
import type { AgentEnd, AgentFailure, AgentResult, AgentVerdict } from "../agent-definition.ts";
import { type AgentErrorText, agentErrors } from "./agent-errors.ts";
import type { ErrorEntry } from "./error-catalogue.ts";
import { failureMeanings } from "./failure-meanings.ts";

type ProcessEnd = Pick<AgentEnd, "exitCode" | "signal">;

/** How the ends of one agent CLI are told. */
export interface AgentEnds {
  /** Every error code that is told here, with what it means. */
  readonly errors: Readonly<Record<string, ErrorEntry>>;
  /** A failure that the CLI's events tell, in the host's terms; null where they tell none. */
  told(failure: ToldFailure | undefined): AgentFailure | null;
  /** The same for people: which agent failed, and what to do where the CLI's own words do not say it. */
  explained(failure: AgentFailure): AgentFailure;
  /** A failure that waiting does not help, with its remedy. */
  failed(code: string, message: string): AgentFailure;
  /** The end of a run that ended before its first event. */
  notBegun(end: ProcessEnd & Pick<AgentEnd, "stderrTail">): AgentFailure;
  /** The end of a run that began, with `model`, and did not come to `closing`. */
  truncated(
    end: ProcessEnd & Pick<AgentEnd, "result" | "stderrTail">,
    options: { readonly model: string | null | undefined; readonly closing: string },
  ): AgentFailure;
  /** What becomes of the session. What failed in a fresh one would fail in the next one, too. */
  sessionAfter(failure: AgentFailure | null, resumed: boolean): AgentVerdict["session"];
}

/**
 * The ends of an agent CLI.
 *
 * @param options.prefix begins the error codes that are the agent's own
 * @param options.name for people
 * @param options.errors by code: what the agent knows better than the common text; a remedy stands in the message too
 * @param options.never families of failures that its events never tell; default: none
 */
export function agentEnds(options: {
  readonly prefix: string;
  readonly name: string;
  readonly errors: Readonly<Record<string, AgentErrorText>>;
  readonly never?: readonly FailureFamily[];
}): AgentEnds {
  const { prefix, name, errors: own, never = [] } = options;
  const meanings = failureMeanings(prefix);
  const withRemedy = (code: string, message: string): string => {
    const remedy = own[code]?.remedy;
    return remedy === undefined ? message : `${asSentence(message)} ${remedy}`;
  };
  const failed = (code: string, message: string): AgentFailure => ({
    ...{ code, family: null, retryNotBefore: null },
    message: withRemedy(code, message),
  });
  return {
    errors: agentErrors({ prefix, name, never, own }),
    told: (failure) => (failure === undefined ? null : inHostTerms(failure, meanings[failure.family])),
    explained: (failure) => ({
      ...failure,
      message: withRemedy(failure.code, `${name} failed: ${failure.message}`),
    }),
    failed,
    notBegun: (end) =>
      failed(
        `${prefix}_start_failed`,
        `${name} ended with ${statusOf(end)} before it began${lastWords(end.stderrTail)}`,
      ),
    truncated(end, { model, closing }) {
      const trouble = end.result.failure;
      const cause = trouble === null ? likelyCause(end) : `while this was not overcome: ${trouble.message}`;
      const what = `${name} (${model ?? "its default model"})`;
      const message = `${what} began and ended with ${statusOf(end)} without ${closing}, ${cause}${lastWords(end.stderrTail)}`;
      return {
        ...failed(`${prefix}_truncated`, message),
        ...(trouble && { family: trouble.family, retryNotBefore: trouble.retryNotBefore }),
      };
    },
    sessionAfter(failure, resumed) {
      const meaning = Object.values(meanings).find(({ code }) => code === failure?.code);
      const session = meaning?.session ?? "keep";
      return session === "retry_fresh" && !resumed ? "clear" : session;
    },
  };
}

function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function inHostTerms(
  { message, retryAt }: ToldFailure,
  { code, family }: ReturnType<typeof failureMeanings>[FailureFamily],
): AgentFailure {
  return { code, family, message, retryNotBefore: retryAt === undefined ? null : asIsoTime(retryAt) };
}

/** How a process ended, in words. */
function statusOf({ exitCode, signal }: ProcessEnd): string {
  return signal === null ? `status ${exitCode ?? "unknown"}` : signal;
}

/** Why a process most likely ended without the event that closes a run. */
function likelyCause({ exitCode, signal }: ProcessEnd): string {
  if (signal === "SIGKILL" || exitCode === 137)
    return "most likely killed from outside, for memory or by the node";
  if (signal === "SIGTERM" || exitCode === 143) return "most likely asked to end from outside";
  if (exitCode === 0) return "most likely because its output was cut off";
  return "most likely because the program crashed";
}

/** The last line of stderr for the end of a message, without colours, cut to what fits. */
function lastWords(stderr: string): string {
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
