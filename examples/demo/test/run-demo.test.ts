import { expect, test } from "vitest";
import { readOptions } from "../src/options.ts";
import { runDemo } from "../src/run-demo.ts";
import type { DemoEvent } from "../src/show/demo-event.ts";

test("what is cancelled while the stage is set starts no run, and proves all the same that nothing is left (X1)", async () => {
  const shown: DemoEvent[] = [];
  const code = await runDemo({
    options: readOptions([]),
    environment: {},
    show: (event) => shown.push(event),
    signal: AbortSignal.abort(),
  });
  expect(code).toBe(130);
  expect(shown.map(({ type }) => type)).toEqual(["stage", "cancel", "proof"]);
  expect(shown[1]).toEqual({ type: "cancel", state: "not_started" });
  expect(shown[2]).toMatchObject({ clean: true });
});

test("a cancel that comes while it is looked up what is left is answered, and exits as one", async () => {
  const cancel = new AbortController();
  const shown: DemoEvent[] = [];
  const code = await runDemo({
    options: readOptions([]),
    // The adapter reads the process's own.
    environment: process.env,
    show: (event) => {
      shown.push(event);
      // The last thing before the proof.
      if (event.type === "table") setImmediate(() => cancel.abort());
    },
    signal: cancel.signal,
  });
  expect(code).toBe(130);
  expect(shown.slice(-2).map((event) => (event.type === "cancel" ? event.state : event.type))).toEqual([
    "proof",
    "too_late",
  ]);
}, 60_000);
