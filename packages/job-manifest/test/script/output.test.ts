import { expect, test } from "vitest";
import { describePlaces, runAgent, sh } from "./run-agent.ts";

const LONG_LINE = `process.stdout.write("x".repeat(1_400_000) + "\\n"); process.exit(0)`;

describePlaces("output", (place) => {
  test("L5 of an agent that ends at once is complete, in the file and in the log", async () => {
    const ended = await runAgent(place, { command: ["/bin/echo", "at once"] });
    expect(ended.stdout.toString()).toBe("at once\n");
    expect(ended.log.toString()).toBe("at once\n");
    expect(ended.record!.stdoutBytes).toBe(8);
  });

  test("L8 without a newline at its end stays without one", async () => {
    const ended = await runAgent(place, { command: sh("printf 'no newline'") });
    expect(ended.stdout.toString()).toBe("no newline");
    expect(ended.log.toString()).toBe("no newline");
    expect(ended.record!.stdoutBytes).toBe(10);
  });

  test("L9 L21 a line of 1.4 MB with an immediate exit arrives whole, in the log too", async () => {
    const ended = await runAgent(place, { command: [process.execPath, "-e", LONG_LINE] });
    expect(ended.code).toBe(0);
    expect(ended.stdout.length).toBe(1_400_001);
    expect(ended.record!.stdoutBytes).toBe(1_400_001);
    expect(ended.log.equals(ended.stdout)).toBe(true);
  });

  test("L21 stdout and stderr reach the log each on its own stream", async () => {
    const ended = await runAgent(place, {
      command: sh("for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.02; done"),
    });
    expect(ended.log.toString()).toBe("out 1\nout 2\nout 3\n");
    expect(ended.errorLog).toBe("err 1\nerr 2\nerr 3\n");
    expect(ended.stderr).toBe(ended.errorLog);
  });

  test("a child that opens /dev/stdout again overwrites nothing that follows", async () => {
    const ended = await runAgent(place, { command: sh("echo one; echo two >>/dev/stdout; echo three") });
    expect(ended.stdout.toString()).toBe("one\ntwo\nthree\n");
  });
});
