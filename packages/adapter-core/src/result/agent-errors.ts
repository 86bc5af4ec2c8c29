import type { FailureFamily } from "@paperclip-k8s/stream-json";
import type { ErrorEntry, HostRetry } from "./error-catalogue.ts";
import { failureMeanings } from "./failure-meanings.ts";

/** What an agent says of a code itself: all of a code of its own, or what it knows better than the common text. */
export type AgentErrorText = Partial<ErrorEntry>;

/**
 * The error codes of an agent CLI, with what they mean: those of the families that its events tell, those of an end
 * without events, and its own.
 *
 * @param options.never families that its events never tell
 * @param options.own by code
 */
export function agentErrors(options: {
  readonly prefix: string;
  readonly name: string;
  readonly never: readonly FailureFamily[];
  readonly own: Readonly<Record<string, AgentErrorText>>;
}): Readonly<Record<string, ErrorEntry>> {
  const { prefix, name, never, own } = options;
  const meanings = failureMeanings(prefix);
  const errors: Record<string, ErrorEntry> = {};
  for (const [family, text] of Object.entries(textsOf(name)) as [FailureFamily, Text][]) {
    if (never.includes(family)) continue;
    const { code, family: told } = meanings[family];
    errors[code] = { ...text, family: told, retry: retryOf(family) };
  }
  // Its last trouble may be one that the host can wait out.
  errors[`${prefix}_truncated`] = { ...truncatedText(name), family: null, retry: "after_wait" };
  errors[`${prefix}_start_failed`] = { ...startText(name), family: null, retry: "no" };
  for (const [code, text] of Object.entries(own)) errors[code] = { ...ownText, ...errors[code], ...text };
  return errors;
}

type Text = Pick<ErrorEntry, "meaning" | "cause" | "remedy">;

function retryOf(family: FailureFamily): HostRetry {
  if (family === "max_turns") return "continues";
  // A refusal has a name for the host as well, and is only noted there.
  return family === "transient_upstream" || family === "provider_quota" ? "after_wait" : "no";
}

const ownText: ErrorEntry = { meaning: "", cause: "", remedy: "", family: null, retry: "no" };

const nothingToDo = "Nothing: the run starts afresh, and the next one too.";

function textsOf(name: string): Readonly<Record<FailureFamily, Text>> {
  return {
    auth_required: {
      meaning: "Not logged in, or the provider refuses the credentials.",
      cause: "No key reaches the agent, or it is wrong, has expired, or is not for this account.",
      remedy: "Give the agent credentials in its env or in the Paperclip server's environment.",
    },
    billing_required: {
      meaning: "The account has no credit for this.",
      cause: "The provider's balance is used up, or the model costs extra.",
      remedy: "Add credit, or choose another model.",
    },
    provider_quota: {
      meaning: "A rate or usage limit of the provider.",
      cause: "Too many runs with one key, or the subscription's hours are used up.",
      remedy: "Wait: the result says until when, where the provider says it. Else raise the limit.",
    },
    transient_upstream: {
      meaning: "The provider or the way to it failed, longer than the CLI tries.",
      cause: "An overload or an outage of the provider, a proxy, or a network that drops connections.",
      remedy: "Start the run again; Paperclip may do so by itself.",
    },
    model_not_found: {
      meaning: "The model does not exist, or not for this account.",
      cause: "A misspelt name, a model that was retired, or an endpoint that does not have it.",
      remedy: "Correct model.",
    },
    model_refusal: {
      meaning: "The model or a safety check refused the request.",
      cause: "The task, or something that the agent has read.",
      remedy: "Change the task.",
    },
    context_overflow: {
      meaning: "The conversation does not fit into the model's context.",
      cause: "A long session, or a large file or tool result in it.",
      remedy: "Nothing: the next run starts afresh.",
    },
    output_limit: {
      meaning: "An answer was longer than the limit.",
      cause: "The task asks for a very long text in one piece.",
      remedy: "Give smaller tasks.",
    },
    max_turns: {
      meaning: "The limit of turns was reached.",
      cause: "The task takes more turns, or the agent goes in circles.",
      remedy: "Raise it; the next run starts afresh.",
    },
    max_budget: {
      meaning: "A budget was reached.",
      cause: "A limit of costs in the extra arguments.",
      remedy: "Raise it.",
    },
    unknown_session: {
      meaning: "The session is not there.",
      cause: "The home was moved or cleared, or the agent works in another folder.",
      remedy: nothingToDo,
    },
    poisoned_session: {
      meaning: "The API refuses the session's history.",
      cause: "A run was cut off in the middle of a tool call, or a model was changed.",
      remedy: nothingToDo,
    },
    invalid_request: {
      meaning: "The API refused the request for another reason.",
      cause: "An endpoint or a proxy of another version, or an option that the model does not take.",
      remedy: "Read the message: it has the API's words.",
    },
    unclassified: {
      meaning: `${name} told an error of no known kind.`,
      cause: "A version of the CLI that is newer than this adapter.",
      remedy: "Read the message.",
    },
  };
}

function truncatedText(name: string): Text {
  return {
    meaning: `${name} began, and did not come to its end.`,
    cause: "It was killed or crashed, or its provider did not answer any more.",
    remedy: "Read the message: it names the likely cause.",
  };
}

function startText(name: string): Text {
  return {
    meaning: `${name} ended before it began.`,
    cause: "An argument that it does not know, or a home that it cannot use.",
    remedy: "Read the message: it has the last line of its stderr.",
  };
}
