import type { AgentDefinition, AgentResult } from "../../src/index.ts";

/** What the shell agent understands of its stdout: lines that are JSON objects. */
interface ShellEvent {
  readonly session?: string;
  readonly done?: boolean;
  readonly error?: string;
  readonly unknownSession?: boolean;
  readonly poisoned?: boolean;
}

const nothing: AgentResult = {
  state: "never_started",
  sessionId: null,
  model: null,
  usage: null,
  costUsd: null,
  sessionCostUsd: null,
  summary: null,
  failure: null,
  details: {},
};

/**
 * An agent whose prompt is a shell script. A line `{"session":"…"}` tells its session, `{"done":true}` a success of
 * its own, `{"error":"…"}` a failure, `{"unknownSession":true}` that it has no such session.
 */
export const shell: AgentDefinition<Record<never, never>> = {
  type: "shell_k8s",
  label: "Shell",
  jobPrefix: "sh-",
  fields: {},
  models: [{ id: "sh-1", label: "Shell 1" }],
  inheritedEnvironment: ["SHELL_API_KEY"],
  commandLine: ({ sessionId, config }) => [
    "/bin/sh",
    "-s",
    "--",
    ...(sessionId === null ? [] : ["--resume", sessionId]),
    ...config.extraArgs,
  ],
  environment: () => ({}),
  files: ({ instructions }): Record<string, string> => (instructions === null ? {} : { instructions }),
  createReducer: () => {
    let known: AgentResult = nothing;
    let lines = 0;
    const push = (line: string) => {
      lines += 1;
      const event = eventOf(line);
      const state = event?.done || known.state === "finished" ? "finished" : "truncated";
      known = {
        ...known,
        state,
        sessionId: event?.session ?? known.sessionId,
        failure: event?.error ? failureOf(event.error) : known.failure,
        details: { ...known.details, ...(event?.unknownSession && { unknown: true }), lines },
      };
      if (event?.poisoned) known = { ...known, details: { ...known.details, poisoned: true } };
    };
    return { push, result: () => known };
  },
  verdict: ({ result }) => ({
    failure: result.failure,
    succeeded: result.state === "finished" && result.failure === null,
    session: result.details["unknown"] ? "retry_fresh" : result.details["poisoned"] ? "clear" : "keep",
    provider: null,
    biller: null,
    billingType: "unknown",
  }),
};

function failureOf(message: string) {
  return { code: "shell_error", family: null, message, retryNotBefore: null };
}

function eventOf(line: string): ShellEvent | null {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event === "object" ? (event as ShellEvent) : null;
  } catch {
    return null;
  }
}
