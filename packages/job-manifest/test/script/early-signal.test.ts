import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  describePlaces,
  eventually,
  freshDirectory,
  isRoot,
  type Place,
  sh,
  startAgent,
  textOf,
} from "./run-agent.ts";

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describePlaces("an early SIGTERM", (place) => {
  test.each([0, 2, 8])("X1 %i ms after the run was taken ends it, with a record", async (ms) => {
    const run = startAgent(place, { command: sh("exec sleep 30"), graceSec: 1 });
    await eventually(() => textOf(run.files.started) !== "");
    await after(ms);
    run.signal("SIGTERM");
    const { code, record } = await run.ended;
    // 137 where the signal fell between the fork and the exec of the agent CLI: its grace then ends it.
    expect([143, 137]).toContain(code);
    expect(record).toMatchObject({ status: code, failure: null });
  });

  test.skipIf(!isRoot || place.isInit)("X1 before the script has read itself is not forgotten", async () => {
    const gate = join(freshDirectory(), "gate");
    spawnSync("mkfifo", [gate]);
    // Only an ordinary process reads this file, between its first lines and its last: it waits here.
    const hold = 'mount --bind "$1" /proc/sys/kernel/random/uuid && shift && exec "$@"';
    const within = ["unshare", "--mount", "/bin/sh", "-c", hold, "hold", gate];
    const run = startAgent(place, { within, command: sh("echo ran; exec sleep 30"), graceSec: 1 });
    await eventually(() => isWaiting(run.child.pid!, place));
    run.signal("SIGTERM");
    await after(50);
    openGate(gate);
    const { code, record, stdout } = await run.ended;
    expect(code).toBe(143);
    expect(record).toMatchObject({ status: 143, signal: "SIGTERM", failure: null });
    expect(stdout.toString()).toBe("");
  });
});

/** Whether the script's own shell is there and asleep. */
function isWaiting(pid: number, place: Place): boolean {
  const [command = ""] = textOf(`/proc/${pid}/cmdline`).split("\0");
  return command.endsWith(place.shell[0]) && /\) S /.test(textOf(`/proc/${pid}/stat`));
}

/** Lets a reader go on, if the signal has not. */
function openGate(path: string): void {
  try {
    const gate = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(gate, "gate\n");
    closeSync(gate);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe("ENXIO");
  }
}
