// What a definition makes of the ends that the real CLI has: its verdict on recordings.
import { describe, expect, it } from "vitest";
import type { AgentDefinition, AgentEnd, AgentVerdict, ConfigField, ErrorEntry } from "../../../src/index.ts";
import { agentRun } from "./agent-run.ts";
import type { RecordedRun } from "./recorded-runs.ts";

/** The verdict on a recording, as if it had resumed a session, or not; with other facts of the end. */
export type VerdictOn<Own extends Record<string, ConfigField>> = (
  run: string | RecordedRun,
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
  return (of, sessionId = null, more = {}) => {
    const { lines, stderr, exitCode, signal } = typeof of === "string" ? recording(of) : of;
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

/** Declares the tests: each recording, as the end of a resumed session, is a failure or a success; no code is without an end. */
export function testRecordedEnds<Own extends Record<string, ConfigField>>(options: {
  readonly end: VerdictOn<Own>;
  readonly errors: Readonly<Record<string, ErrorEntry>>;
  readonly failures: readonly ExpectedFailure[];
  /** Ends that the real CLI could not be brought to: what it would print, by the code that it leads to. */
  readonly unrecorded: Readonly<Record<string, RecordedRun>>;
  readonly successes: readonly string[];
}): void {
  const { end, errors, failures, unrecorded, successes } = options;
  const session = "00000000-0000-4000-8000-000000000001";
  const ends = [...failures.map(([, name]) => name), ...Object.values(unrecorded)].map(
    (run) => end(run, session).failure,
  );

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

  describe("every error code", () => {
    it("has an end that leads to it, and every end has one of them", () => {
      expect([...new Set(ends.map((failure) => failure?.code))].sort()).toEqual(Object.keys(errors).sort());
    });

    it.each(Object.entries(unrecorded))("%s is told of what was not recorded", (code, run) => {
      expect(end(run, session)).toMatchObject({ failure: { code }, succeeded: false });
    });

    it.each(Object.entries(errors))("%s allows the host as much as its ends do, at most", (code, entry) => {
      const families = ends.flatMap((failure) => (failure?.code === code ? [failure.family] : []));
      const waits = families.includes("transient_upstream") || families.includes("provider_quota");
      const byCode = code === "max_turns_exhausted" ? "continues" : "no";
      expect(entry.retry).toBe(waits ? "after_wait" : byCode);
      if (entry.family !== null) expect(families).toContain(entry.family);
    });

    it.each(Object.entries(errors))("%s has meaning, cause and remedy as whole sentences", (_code, entry) => {
      for (const text of [entry.meaning, entry.cause, entry.remedy]) expect(text).toMatch(/^\w.{7,}[.]$/);
    });
  });
}
