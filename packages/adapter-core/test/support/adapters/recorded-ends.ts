// What a definition makes of the ends that the real CLI has: its verdict on recordings.
import { describe, expect, it } from "vitest";
import type { AgentDefinition, AgentEnd, AgentVerdict, ConfigField } from "../../../src/index.ts";
import { agentRun } from "./agent-run.ts";
import type { RecordedRun } from "./recorded-runs.ts";

/** The verdict on a recording, as if it had resumed a session, or not; with other facts of the end. */
export type VerdictOn<Own extends Record<string, ConfigField>> = (
  name: string,
  sessionId?: string | null,
  more?: Partial<AgentEnd<Own>>,
) => AgentVerdict;

/** The verdicts of a definition with a config. */
export function verdictsOn<Own extends Record<string, ConfigField>>(options: {
  readonly definition: AgentDefinition<Own>;
  readonly recording: (name: string) => RecordedRun;
  readonly config?: Record<string, unknown>;
}): VerdictOn<Own> {
  const { definition, recording, config = {} } = options;
  return (name, sessionId = null, more = {}) => {
    const { lines, stderr, exitCode, signal } = recording(name);
    const reducer = definition.createReducer({ resumed: sessionId !== null, resumedCostUsd: null });
    for (const line of lines) reducer.push(line);
    for (const line of stderr.split("\n")) reducer.pushStderr?.(line);
    const run = agentRun(definition, config, { sessionId });
    const end = { run, result: reducer.result(), exitCode, signal, environment: {}, stderrTail: stderr };
    return definition.verdict({ ...end, ...more });
  };
}

/** Scenario, recording, code, family, what becomes of the session. */
export type ExpectedFailure = readonly [
  string,
  string,
  string,
  string | null,
  "keep" | "clear" | "retry_fresh",
];

/** Recordings that every CLI has, and that ended well. */
export const endedWell: readonly string[] = [
  "text",
  "tools",
  "tool-error",
  "thinking",
  "unicode",
  "retried",
  "subagent",
  "session-resumed",
  "printed-errors",
  "empty-answer",
];

/** Declares the tests: each recording, as the end of a resumed session, is a failure or a success. */
export function testRecordedEnds<Own extends Record<string, ConfigField>>(options: {
  readonly end: VerdictOn<Own>;
  readonly failures: readonly ExpectedFailure[];
  readonly successes: readonly string[];
}): void {
  const { end, failures, successes } = options;
  const session = "00000000-0000-4000-8000-000000000001";

  describe("the real CLI's ends", () => {
    it.each(failures)("%s: %s is %s", (_id, name, code, family, after) => {
      const { failure, session: decided, succeeded } = end(name, session);
      expect(failure).toMatchObject({ code, family });
      expect(decided).toBe(after);
      expect(succeeded).toBe(false);
    });

    it.each(successes)("C18, R10: %s is a success", (name) => {
      expect(end(name, session)).toMatchObject({ failure: null, succeeded: true, session: "keep" });
    });
  });
}
