import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseExitRecord } from "../../src/index.ts";
import { describePlaces, eventually, freshDirectory, runAgent, sh, startAgent, textOf } from "./run-agent.ts";

describePlaces("a log that nobody reads", (place) => {
  test("neither delays the record nor keeps the container for more than about two seconds", async () => {
    const run = startAgent(place, { command: sh("head -c 3000000 /dev/zero; exit 4") });
    run.child.stdout.pause();
    await eventually(() => parseExitRecord(textOf(run.files.exit)) !== null);
    const recordAt = Date.now();
    await eventually(() => run.child.exitCode !== null);
    expect(Date.now() - recordAt).toBeLessThan(4000);
    run.child.stdout.resume();
    const ended = await run.ended;
    expect(ended.code).toBe(4);
    expect(ended.record).toMatchObject({ status: 4, failure: null, stdoutBytes: 3_000_000 });
  });

  test("and one whose reader is gone changes nothing", async () => {
    const run = startAgent(place, { command: sh("sleep 0.1; head -c 300000 /dev/zero; exit 0") });
    run.child.stdout.destroy();
    run.child.stderr.destroy();
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    expect(ended.record).toMatchObject({ status: 0, failure: null, stdoutBytes: 300_000 });
  });

  test("and a complaint that nobody can read still ends in a record", async () => {
    const run = startAgent(place, { command: ["no-such-agent"] });
    run.child.stdout.destroy();
    run.child.stderr.destroy();
    const ended = await run.ended;
    expect(ended.code).toBe(127);
    expect(ended.record).toMatchObject({ failure: "cli_missing" });
  });

  test("L21 and one whose reader is slow gets the last bytes too, which the mirror had read but not written", async () => {
    // A pipe holds 64 KiB: what is beyond stays in the mirror's hands until the reader comes.
    const within = ["/bin/sh", "-c", '"$@" | { sleep 0.5; cat; }', "within"];
    const ended = await runAgent(place, { within, command: sh("head -c 67000 /dev/zero") });
    expect(ended.log.equals(ended.stdout)).toBe(true);
    expect(ended.log.length).toBe(67_000);
  });

  test("and a mirror that misses its SIGTERM, as one does that was only just forked, ends all the same", async () => {
    const bin = freshDirectory();
    const deaf = `#!/bin/sh\ntrap "" TERM\nPATH=\${PATH#*:}\nexec tail "$@"\n`;
    writeFileSync(join(bin, "tail"), deaf, { mode: 0o755 });
    const environment = { PATH: `${bin}:${process.env["PATH"]}` };
    const ended = await runAgent(place, { environment, command: sh("echo out; kill -SEGV $$") });
    expect(ended.record).toMatchObject({ status: 139, stdoutBytes: 4 });
    expect(ended.log.toString()).toBe("out\n");
  }, 20_000);
});
