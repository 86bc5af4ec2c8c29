import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describePods } from "../../src/pod-run/describe-pods.ts";
import { findKubectl, followLog } from "../../src/pod-run/follow-log.ts";
import { agentStatus } from "../../src/pod-run/pod-run.ts";
import { sh } from "../../src/pod-run/pod-run-spec.ts";

describePods("the output of a pod", (pods) => {
  test.concurrent("of an agent that ends within 50 ms, without a newline, is whole (L5, L8)", async () => {
    await using run = await pods.start({ command: sh("echo begin; printf 'end without newline é'") });
    const { container, record, stdout, log } = await run.ended();
    expect(stdout.toString()).toBe("begin\nend without newline é");
    expect(record).toMatchObject({ status: 0, signal: null, failure: null, stdoutBytes: stdout.length });
    expect(container.exitCode).toBe(0);
    expect(log).toBe(stdout.toString());
  });

  test.concurrent("goes on after the result event, and all of it arrives (L6)", async () => {
    const result = '{"type":"result","subtype":"success"}';
    // It goes on when the test has looked, and then for some time.
    const late = `echo '${result}'; until [ -e go ]; do sleep 0.1; done; i=0; while [ $i -lt 15 ]; do i=$((i+1)); echo late $i; sleep 0.1; done`;
    await using run = await pods.start({ command: sh(late), workingDirectory: "/paperclip/l6" });
    await run.printed(result);
    // The record is not written for an event of the agent's, but for its end.
    expect((await readFile(run.files.exit, "utf8")).trim()).toBe("");
    await writeFile(join(pods.namespace.volumeFolder, "l6", "go"), "");
    const { record, stdout } = await run.ended();
    const lines = Array.from({ length: 15 }, (_, i) => `late ${i + 1}\n`);
    expect(stdout.toString()).toBe([`${result}\n`, ...lines].join(""));
    expect(record).toMatchObject({ status: 0, stdoutBytes: stdout.length });
  });

  test.concurrent("holds a line of 10 MiB, and 1.4 MB right before the end (L9)", async () => {
    const command = sh(
      "head -c 10485760 /dev/zero | tr '\\0' x; echo; head -c 1400000 /dev/zero | tr '\\0' y",
    );
    await using run = await pods.start({ command });
    const { record, stdout } = await run.ended();
    const expected = Buffer.concat([
      Buffer.alloc(10_485_760, "x"),
      Buffer.from("\n"),
      Buffer.alloc(1_400_000, "y"),
    ]);
    expect(stdout.equals(expected)).toBe(true);
    expect(record).toMatchObject({ status: 0, stdoutBytes: expected.length });
  });

  test.concurrent("on stderr alone with exit 1 is whole, and apart from stdout (L17)", async () => {
    await using run = await pods.start({ command: sh("echo 'cannot go on: no fuel' >&2; exit 1") });
    const { container, record, stdout, stderr, log } = await run.ended();
    expect(stderr).toBe("cannot go on: no fuel\n");
    expect(stdout.length).toBe(0);
    expect(record).toMatchObject({ status: 1, signal: null, failure: null, stdoutBytes: 0, stderrBytes: 22 });
    expect(container.exitCode).toBe(1);
    expect(log).toBe(stderr);
  });

  test.concurrent("is what kubectl logs -f shows, byte for byte (L21)", async ({ skip }) => {
    const kubectl = findKubectl(pods.cluster, process.env) ?? skip("there is no kubectl here");
    const bytes = String.raw`'\303\251 \377\376\000 \r no newline'`;
    const ticking = `i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo tick $i; sleep 0.1; done; printf ${bytes}`;
    await using run = await pods.start({ command: sh(ticking) });
    const running = await run.podWhere(
      (pod) => agentStatus(pod)?.state?.running !== undefined,
      "a running agent",
    );
    const followed = await followLog({
      kubectl,
      cluster: pods.cluster,
      namespace: pods.namespace.name,
      pod: running.metadata?.name ?? "",
    });
    const { record, stdout } = await run.ended();
    expect(stdout.subarray(-19).toString("latin1")).toBe("Ã© ÿþ\0 \r no newline");
    expect(followed.toString("latin1")).toBe(stdout.toString("latin1"));
    expect(record).toMatchObject({ status: 0, stdoutBytes: stdout.length });
  });

  test.concurrent("and its exit code are the agent's also where the mirrors are dead (C19)", async () => {
    // The mirrors are the container's tails, and the agent is of the same user: it can end them.
    const murder = "for f in /proc/[0-9]*; do grep -qx tail $f/comm && kill -9 $(basename $f); done";
    await using run = await pods.start({ command: sh(`echo before; ${murder}; echo after; exit 7`) });
    const { container, record, stdout } = await run.ended();
    expect(stdout.toString()).toBe("before\nafter\n");
    expect(record).toMatchObject({ status: 7, signal: null, failure: null, stdoutBytes: stdout.length });
    expect(container).toMatchObject({ exitCode: 7 });
  });

  test.concurrent.for([0, 1, 42, 137, 143, 255])(
    "ends with the agent's own exit code %i (C19)",
    async (code) => {
      await using run = await pods.start({ command: sh(`echo out; exit ${code}`) });
      const { container, record, log } = await run.ended();
      expect(container.exitCode).toBe(code);
      expect(record).toMatchObject({ status: code, failure: null, stdoutBytes: 4 });
      expect(log).toBe("out\n");
    },
  );
});
