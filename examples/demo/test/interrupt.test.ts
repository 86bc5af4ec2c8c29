import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { listenForInterrupt } from "../src/interrupt.ts";
import type { DemoEvent } from "../src/show/demo-event.ts";

function listening() {
  const source = new EventEmitter();
  const output = new EventEmitter();
  const shown: DemoEvent[] = [];
  let now = 1_000;
  const interrupt = listenForInterrupt({
    source,
    output,
    show: (event) => shown.push(event),
    now: () => now,
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { source, output, shown, interrupt, pass };
}

describe("listening for an interrupt", () => {
  test("aborts at the first one, and says that it waits at each further one", () => {
    const { source, shown, interrupt, pass } = listening();
    source.emit("SIGINT");
    expect(interrupt.signal.aborted).toBe(true);
    pass(1_000);
    source.emit("SIGINT");
    source.emit("SIGTERM");
    expect(shown).toEqual([
      { type: "cancel", state: "requested" },
      { type: "cancel", state: "waiting" },
      { type: "cancel", state: "waiting" },
    ]);
  });

  test("takes what a parent passes on at once for the same Ctrl-C", () => {
    const { source, shown, pass } = listening();
    source.emit("SIGINT");
    pass(50);
    source.emit("SIGINT");
    expect(shown).toHaveLength(1);
  });

  test("aborts without a word when nobody reads any more", () => {
    const { output, shown, interrupt } = listening();
    output.emit("error", new Error("EPIPE"));
    expect(interrupt.signal.aborted).toBe(true);
    expect(shown).toEqual([]);
  });

  test("hears nothing after its end", () => {
    const { source, interrupt } = listening();
    interrupt[Symbol.dispose]();
    expect(source.emit("SIGINT")).toBe(false);
  });
});
