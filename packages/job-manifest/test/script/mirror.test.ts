import { describe, expect, test } from "vitest";
import { parseExitRecord } from "../../src/index.ts";
import { eventually, pods, runAgent, sh, startAgent, textOf } from "./run-agent.ts";

describe.concurrent.each(pods())("L21 the mirror in $title", (pod) => {
  test("shows each stream as it comes, while the agent works", async () => {
    const run = startAgent(pod, { command: sh("echo one; sleep 2.5; echo two") });
    let log = "";
    run.child.stdout.on("data", (chunk) => {
      log += chunk;
    });
    await eventually(() => log === "one\n");
    expect(textOf(run.files.stdout)).toBe("one\n");
    expect((await run.ended).log.toString()).toBe("one\ntwo\n");
  });

  test("that was killed is nothing to the agent and to the record", async () => {
    const run = startAgent(pod, { command: sh("echo one; sleep 0.6; head -c 500000 /dev/zero; exit 3") });
    await eventually(() => textOf(run.files.stdout) === "one\n");
    // A mirror that was only just forked is its shell still.
    await eventually(() => mirrorsOf(run.child.pid!).length === 2);
    for (const mirror of mirrorsOf(run.child.pid!)) process.kill(mirror, "SIGKILL");
    const { code, record } = await run.ended;
    expect(code).toBe(3);
    expect(record).toMatchObject({ status: 3, failure: null, stdoutBytes: 500_004 });
  });

  test("that nobody reads holds up neither the agent nor the record, and the container for two seconds", async () => {
    const run = startAgent(pod, { command: sh("head -c 3000000 /dev/zero; echo done >&2; exit 4") });
    run.child.stdout.pause();
    await eventually(() => parseExitRecord(textOf(run.files.exit)) !== null);
    const recordAt = Date.now();
    await eventually(() => run.child.exitCode !== null);
    expect(Date.now() - recordAt).toBeLessThan(5000);
    run.child.stdout.resume();
    const { code, record, errorLog } = await run.ended;
    expect(code).toBe(4);
    expect(errorLog).toBe("done\n");
    expect(record).toMatchObject({ status: 4, stdoutBytes: 3_000_000 });
  });

  test("whose reader is gone changes nothing", async () => {
    const run = startAgent(pod, { command: sh("sleep 0.1; head -c 300000 /dev/zero; exit 0") });
    run.child.stdout.destroy();
    run.child.stderr.destroy();
    expect(await run.ended).toMatchObject({ code: 0, record: { failure: null, stdoutBytes: 300_000 } });
  });

  test("whose reader is slow gets the last bytes too", async () => {
    const within = ["/bin/sh", "-c", '"$@" | { sleep 0.5; cat; }', "within"];
    const { log, stdout } = await runAgent(pod, { within, command: sh("head -c 67000 /dev/zero") });
    expect(log.equals(stdout)).toBe(true);
    expect(log.length).toBe(67_000);
  });
});

/** The pid of every `tail` below a process. */
function mirrorsOf(pid: number): readonly number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) =>
    /(^|\/)tail\0/.test(textOf(`/proc/${child}/cmdline`)) ? [child] : mirrorsOf(child),
  );
}
