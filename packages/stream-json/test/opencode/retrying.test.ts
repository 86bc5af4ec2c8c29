import { expect, test } from "vitest";
import { createOpenCodeReducer, parseEvent } from "../../src/index.ts";
import { fixture, reducerOf } from "./fixture.ts";

const failedCall = (session = "ses_1", message = "Overloaded", small = false) =>
  `timestamp=2026-01-01T00:00:00.000Z level=ERROR run=1 message="stream error" modelID=m session.id=${session} small=${small} error.error="AI_APICallError: ${message}"`;
const status = (value: object, session = "ses_1") =>
  JSON.stringify({ type: "session.status", properties: { sessionID: session, status: value } });
const retry = (attempt: number, next: number, session = "ses_1") =>
  status({ type: "retry", attempt, message: "Provider is overloaded", next }, session);
const busyIn = (session: string) => status({ type: "busy" }, session);
const busy = busyIn("ses_1");
const idleIn = (session: string) => status({ type: "idle" }, session);
const stepFinish = parseEvent(
  JSON.stringify({ type: "step_finish", sessionID: "ses_1", part: { id: "prt_1", reason: "tool-calls" } }),
);

function after(...lines: readonly string[]) {
  const reducer = createOpenCodeReducer();
  for (const line of lines) reducer.pushStderr(line);
  return reducer;
}

test.each(["api-429", "api-500", "api-529", "stream-cut", "error-event", "api-429-retry-after"])(
  "R12: the recording %s was waiting for its provider",
  (name) => {
    const { attempts, isWaiting, failure } = reducerOf(fixture(name)).retrying() ?? {};
    expect(isWaiting).toBe(true);
    expect(attempts).toBe(name === "api-429-retry-after" ? 1 : 2);
    expect(failure?.message).not.toMatch(/^AI_|stream error/);
    expect(failure?.retryAt).toBe(Date.UTC(2026, 0, 1));
  },
);

test.each(["api-401", "retried", "text", "context-overflow"])(
  "R12: the recording %s was not waiting at its end",
  (name) => {
    const reducer = reducerOf({ lines: [], stderr: fixture(name).stderr });
    for (const line of fixture(name).lines) reducer.push(parseEvent(line));
    expect(reducer.retrying()).toBeUndefined();
  },
);

test("R12: the time of the next try is the one that OpenCode tells", () => {
  expect(after(failedCall(), retry(1, 5_000)).retrying()).toEqual({
    streak: 1,
    attempts: 1,
    isWaiting: true,
    failure: { family: "transient_upstream", message: "Overloaded", retryAt: 5_000 },
  });
});

test("R12: a call that is on its way is not waited for, and its failure goes on with the streak", () => {
  const reducer = after(failedCall(), retry(1, 5_000), busy);
  expect(reducer.retrying()).toMatchObject({ streak: 1, isWaiting: false });
  reducer.pushStderr(failedCall());
  // The plugin says in a moment until when.
  expect(reducer.retrying()).toMatchObject({ isWaiting: false });
  reducer.pushStderr(retry(2, 9_000));
  expect(reducer.retrying()).toMatchObject({ streak: 1, attempts: 2, isWaiting: true });
});

test("An answer ends the streak, and trouble after it is another one", () => {
  const reducer = after(failedCall(), retry(1, 5_000), busy);
  reducer.push(stepFinish);
  expect(reducer.retrying()).toBeUndefined();
  reducer.pushStderr(failedCall());
  expect(reducer.retrying()).toMatchObject({ streak: 2, attempts: 1 });
});

test("A count that begins again is another streak: a subagent had answers that nobody sees", () => {
  const reducer = after(failedCall(), retry(1, 5_000), busy, failedCall(), retry(1, 9_000));
  expect(reducer.retrying()).toMatchObject({ streak: 2, attempts: 1 });
  expect(after(retry(1, 1), busy, retry(1, 2)).retrying()).toMatchObject({ streak: 2 });
  expect(after(retry(1, 1), busy, retry(2, 2)).retrying()).toMatchObject({ streak: 1, attempts: 2 });
});

test("The log alone tells of waiting from the second failure on: one may be the session's end", () => {
  expect(after(failedCall()).retrying()).toMatchObject({ isWaiting: false });
  expect(after(failedCall(), failedCall()).retrying()).toMatchObject({ isWaiting: true, attempts: 2 });
  expect(after(failedCall(), failedCall("ses_2")).retrying()).toMatchObject({
    streak: 2,
    isWaiting: false,
  });
});

test("A failed title stops nothing", () => {
  const title = failedCall("ses_1", "Overloaded", true);
  expect(after(title, title).retrying()).toBeUndefined();
});

test("The status of another session changes nothing, the end of the same one ends the trouble", () => {
  expect(after(failedCall(), retry(1, 5), idleIn("ses_2")).retrying()).toMatchObject({ isWaiting: true });
  expect(after(failedCall(), retry(1, 5), idleIn("ses_1")).retrying()).toBeUndefined();
});

test("R12: two subagents that wait in turns are in one streak, however long it goes on", () => {
  const reducer = createOpenCodeReducer();
  const streaks = new Set<number | undefined>();
  for (let attempt = 1; attempt <= 50; attempt += 1)
    for (const session of ["ses_1", "ses_2"]) {
      if (attempt > 1) reducer.pushStderr(busyIn(session));
      reducer.pushStderr(failedCall(session));
      reducer.pushStderr(retry(attempt, attempt * 1_000, session));
      streaks.add(reducer.retrying()?.streak);
      expect(reducer.retrying()).toMatchObject({ attempts: attempt, isWaiting: true });
    }
  expect(streaks).toEqual(new Set([1]));
});

test("R12: a subagent that asks again, or ends, does not hide that another one waits", () => {
  const both = [failedCall(), retry(1, 9_000), failedCall("ses_2"), retry(1, 2_000, "ses_2")];
  const waits = { isWaiting: true, failure: { retryAt: 9_000 } };
  expect(after(...both, busyIn("ses_2")).retrying()).toMatchObject(waits);
  expect(after(...both, busyIn("ses_2"), idleIn("ses_2")).retrying()).toMatchObject(waits);
  expect(after(...both, busyIn("ses_2"), busy).retrying()).toMatchObject({ isWaiting: false });
  expect(after(...both, idleIn("ses_2"), idleIn("ses_1")).retrying()).toBeUndefined();
});

test("Trouble of a subagent is another streak where the one before has gone on with its work", () => {
  const reducer = after(failedCall(), retry(1, 1_000), busy);
  reducer.pushStderr(failedCall("ses_2"));
  reducer.pushStderr(retry(1, 9_000, "ses_2"));
  expect(reducer.retrying()).toMatchObject({ streak: 2, isWaiting: true });
});

test("Of sessions without an end the last sixteen are remembered", () => {
  const reducer = createOpenCodeReducer();
  for (let n = 1; n <= 17; n += 1) reducer.pushStderr(retry(1, n, `ses_${n}`));
  for (let n = 2; n <= 17; n += 1) reducer.pushStderr(idleIn(`ses_${n}`));
  expect(reducer.retrying()).toBeUndefined();
});

test.each([
  ["Rate limited", "provider_quota"],
  ["This request would exceed your account's rate limit.", "provider_quota"],
  ["You exceeded your current quota", "provider_quota"],
  ["Too Many Requests", "provider_quota"],
  ["Overloaded", "transient_upstream"],
  ["Cannot connect to API: The socket connection was closed unexpectedly.", "transient_upstream"],
])("R12: the provider's words %j tell of %s", (words, family) => {
  expect(after(failedCall("ses_1", words)).result().failure).toEqual({ family, message: words });
});

test("The type of an error in the stream counts more than its words", () => {
  const line = failedCall().replace(
    / error\.error=.*/,
    ' error.error.type=rate_limit_error error.error.message="Try again"',
  );
  expect(after(line).result().failure).toEqual({ family: "provider_quota", message: "Try again" });
});

test("Trouble that is told before the last answer and read after it is no failure", () => {
  const reducer = reducerOf({ lines: fixture("text").lines, stderr: `${failedCall()}\n${failedCall()}\n` });
  expect(reducer.result()).toMatchObject({ state: "finished", counts: { retries: 2 } });
  expect(reducer.result()).not.toHaveProperty("failure");
});

test("R12: a run that never got an answer has its session and model from the log", () => {
  expect(reducerOf(fixture("api-529")).result()).toMatchObject({
    state: "never_started",
    sessionId: "ses_00000000000000000000000001",
    model: "claude-sonnet-4-5",
    counts: { retries: 2 },
  });
});
