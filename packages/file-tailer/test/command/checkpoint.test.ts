import { appendFile, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePlace, type Place, start, until } from "./start-command.ts";

let place: Place;
let folder: string;
let log: string;
let checkpoint: string;
beforeEach(async () => {
  place = await makePlace();
  ({ folder, log, checkpoint } = place);
});
afterEach(() => place[Symbol.asyncDispose]());

describe("--checkpoint", () => {
  test("goes on after the last line, each once, when the command was ended by SIGTERM", async () => {
    const printed: Buffer[] = [];
    for (let part = 0; part < 3; part++) {
      await appendFile(log, `a${part}\nb${part}\n`);
      const running = start(log, "--from-start", "--checkpoint", checkpoint);
      await running.printed(6);
      running.child.kill("SIGTERM");
      expect(await running.ended()).toBe(143);
      printed.push(running.out());
    }
    expect(Buffer.concat(printed).toString()).toBe("a0\nb0\na1\nb1\na2\nb2\n");
    expect((await stat(checkpoint)).mode & 0o777).toBe(0o600);
  });

  test("loses no line when the command was killed", async () => {
    await writeFile(log, "one\n");
    const killed = start(log, "--from-start", "--checkpoint", checkpoint);
    await killed.printed(4);
    killed.child.kill("SIGKILL");
    await killed.ended();
    await appendFile(log, "two\n");
    const running = start(log, "--from-start", "--checkpoint", checkpoint, "--until-bytes", "8");
    expect(await running.ended()).toBe(0);
    expect(`${killed.out()}${running.out()}`).toContain("two\n");
    expect(running.out().toString()).toMatch(/^(one\n)?two\n$/);
  });

  test("loses no line that came while nothing ran, though the call before saw none", async () => {
    await writeFile(log, "old\n");
    const first = start(log, "--checkpoint", checkpoint);
    await until(() =>
      stat(checkpoint).then(
        () => true,
        () => false,
      ),
    );
    first.child.kill("SIGKILL");
    await first.ended();
    await appendFile(log, "between\n");
    const second = start(log, "--checkpoint", checkpoint, "--until-bytes", "12");
    expect(await second.ended()).toBe(0);
    expect(second.out().toString()).toBe("between\n");
  });

  test("is saved within a second, also if no further line comes", async () => {
    await writeFile(log, "one\n");
    const running = start(log, "--from-start", "--checkpoint", checkpoint);
    await running.printed(4);
    await until(() =>
      stat(checkpoint).then(
        () => true,
        () => false,
      ),
    );
    await appendFile(log, "two\n");
    await running.printed(8);
    await until(async () => (await readFile(checkpoint, "utf8")).includes('"offset":8'));
    running.child.kill("SIGKILL");
    await running.ended();
  });

  test("of a file that took the old one's place and has no line yet is the new file's", async () => {
    await writeFile(log, "one\ntwo\n");
    const running = start(log, "--from-start", "--checkpoint", checkpoint);
    await running.printed(8);
    await rename(log, `${log}.1`);
    await writeFile(log, "");
    await sleep(4000);
    running.child.kill("SIGTERM");
    expect(await running.ended()).toBe(143);
    await appendFile(log, "new\n");
    const next = start(log, "--checkpoint", checkpoint, "--until-bytes", "4");
    expect(await next.ended()).toBe(0);
    expect(next.out().toString()).toBe("new\n");
  });

  test("of another file is refused, and kept", async () => {
    await writeFile(log, "one\ntwo\n");
    await start(log, "--from-start", "--checkpoint", checkpoint, "--until-bytes", "8").ended();
    const before = await readFile(checkpoint, "utf8");
    await writeFile(log, "ONE\nTWO\n");
    const running = start(log, "--checkpoint", checkpoint);
    expect(await running.ended()).toBe(1);
    expect(running.err()).toMatch(/\[checkpoint_mismatch\].*delete the checkpoint/);
    expect(await readFile(checkpoint, "utf8")).toBe(before);
  });

  test("that is no checkpoint is refused before anything is printed", async () => {
    await writeFile(log, "one\n");
    await writeFile(checkpoint, "{");
    const running = start(log, "--from-start", "--checkpoint", checkpoint);
    expect(await running.ended()).toBe(1);
    expect(running.err()).toContain("Delete it to begin anew");
    expect(running.out()).toHaveLength(0);
  });

  test("that cannot be written ends the command with a sentence", async () => {
    await writeFile(log, "one\n");
    const running = start(log, "--from-start", "--checkpoint", join(folder, "none", "checkpoint"));
    expect(await running.ended()).toBe(1);
    expect(running.err()).toContain("Cannot write the checkpoint");
  });
});
