import { describe, expect, test } from "vitest";
import type { DemoEvent } from "../src/show/demo-event.ts";
import { type DemoEnd, eventsOf, nothing, startDemo } from "./start-demo.ts";

/** Runs the demo and sends signals at the first event that `when` accepts. */
function interrupted(
  when: (event: DemoEvent) => boolean,
  signals: (send: (signal: NodeJS.Signals) => void) => void = (send) => send("SIGINT"),
): Promise<DemoEnd> {
  let sent = false;
  return startDemo({
    args: ["--json"],
    onEvent: (event, send) => {
      if (sent || !when(event)) return;
      sent = true;
      signals(send);
    },
  });
}

function expectCleanEnd(end: DemoEnd): void {
  expect(end.stderr).toBe("");
  expect(end.code).toBe(130);
  expect(eventsOf(end.events, "proof")).toMatchObject([{ left: nothing, clean: true }]);
  expect(end.folders).toEqual([]);
  expect(end.processes).toEqual([]);
}

const cancels = (end: DemoEnd) => eventsOf(end.events, "cancel").map(({ state }) => state);
const isPhase = (phase: string) => (event: DemoEvent) => event.type === "phase" && event.phase === phase;
const isToolCall = (event: DemoEvent) => event.type === "transcript" && event.entry.kind === "tool_call";

describe("Ctrl-C", () => {
  test("in the middle of a run ends the agent, and says that it is confirmed (X1, X6)", async () => {
    const end = await interrupted(isToolCall);
    expect(cancels(end)).toEqual(["requested", "confirmed"]);
    expect(eventsOf(end.events, "result")).toMatchObject([{ run: 1, outcome: "cancelled" }]);
    expectCleanEnd(end);
  });

  test("at the very beginning ends before the agent does anything (X1)", async () => {
    const end = await interrupted(({ type }) => type === "stage");
    expect(cancels(end)[0]).toBe("requested");
    expect(cancels(end)).not.toContain("unconfirmed");
    expect(eventsOf(end.events, "transcript").map(({ entry }) => entry.kind)).not.toContain("tool_call");
    expectCleanEnd(end);
  });

  test("while the pod is on its way ends it there (X1)", async () => {
    const end = await interrupted(isPhase("scheduling"));
    expect(cancels(end)).toEqual(["requested", "confirmed"]);
    expectCleanEnd(end);
  });

  test("while the run is finishing lets it end (X1)", async () => {
    // A run that ends between two looks of the host is never seen finishing; its last event always comes.
    const isLast = (event: DemoEvent) => event.type === "transcript" && event.entry.kind === "result";
    const end = await interrupted((event) => isPhase("finishing")(event) || isLast(event));
    // A signal finds the run over, or its agent not gone yet, or the second run begun: what is said must be so.
    const outcome = eventsOf(end.events, "result").at(-1)?.outcome;
    expect(cancels(end)).toEqual(["requested", outcome === "cancelled" ? "confirmed" : "too_late"]);
    expectCleanEnd(end);
  });

  test("of the second run cancels that one only", async () => {
    const end = await interrupted(
      (event) => event.type === "phase" && event.run === 2 && event.phase === "running",
    );
    expect(eventsOf(end.events, "result").map(({ outcome }) => outcome)).toEqual(["succeeded", "cancelled"]);
    expectCleanEnd(end);
  });

  test("as SIGTERM is the same", async () => {
    const end = await interrupted(isToolCall, (send) => send("SIGTERM"));
    expect(cancels(end)).toEqual(["requested", "confirmed"]);
    expectCleanEnd(end);
  });
});
