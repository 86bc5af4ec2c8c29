import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { describePlaces, eventually, runAgent, sh, startAgent, textOf } from "./run-agent.ts";

const WRITER = `(while :; do echo more; sleep 0.02; done) & echo main; exit 0`;

describePlaces("a background child", (place) => {
  test("C21 that keeps stdout open does not keep the container alive, and writes nothing after the count", async () => {
    const run = startAgent(place, { command: sh(WRITER) });
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    expect(ended.record!.stdoutBytes).toBe(ended.stdout.length);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(statSync(run.files.stdout).size).toBe(ended.record!.stdoutBytes);
  });

  test("C21 that ignores every polite signal is ended too", async () => {
    const ended = await runAgent(place, {
      command: sh(`(trap '' TERM HUP INT; while :; do sleep 0.1; done) & exit 3`),
    });
    expect(ended.code).toBe(3);
    expect(ended.record!.endedAt - ended.record!.startedAt).toBeLessThan(5000);
  });
});

describePlaces("a child that hands over", (place) => {
  // An ordinary process looks through the whole machine meanwhile: a relay may outrun it, which is documented.
  test.skipIf(!place.isInit)("C21 to a successor again and again is ended at last", async () => {
    const relay = "f() { echo more; f & }; f & echo main; sleep 0.1; exit 0";
    const run = startAgent(place, { command: sh(relay) });
    const ended = await run.ended;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(statSync(run.files.stdout).size).toBe(ended.record!.stdoutBytes);
  });
});

describePlaces("an escaped child", (place) => {
  test.skipIf(place.isInit)("C21 without this run's mark does not hold the container's streams", async () => {
    const started = Date.now();
    // Nobody can tell whose it is, so it lives on; it must not be waited for.
    const ended = await runAgent(place, { command: sh("env -i sleep 6 & echo main; exit 0") });
    expect(Date.now() - started).toBeLessThan(5000);
    expect(ended.log.toString()).toBe("main\n");
  });
});

describePlaces("a bystander", (place) => {
  test.skipIf(place.isInit)("of the same user is left alone by an ordinary process", async () => {
    const bystander = spawn("sleep", ["30"], { stdio: "ignore" });
    try {
      const run = startAgent(place, { command: sh("echo ready; sleep 0.2") });
      await eventually(() => textOf(run.files.stdout) === "ready\n");
      expect((await run.ended).code).toBe(0);
      expect(bystander.exitCode).toBeNull();
      expect(bystander.signalCode).toBeNull();
    } finally {
      bystander.kill();
    }
  });
});
