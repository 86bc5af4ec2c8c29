import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describePlaces, freshDirectory, isRoot, runAgent, sh } from "./run-agent.ts";

/** Hundredths that look octal, a round second, and what no kernel writes today. */
const UPTIMES = ["12.08 1.00\n", "7.09 1.00\n", "100.00 1.00\n", "12 1\n", "12.5 1\n", "\n"];

describePlaces("the time since boot", (place) => {
  test.skipIf(!isRoot || place.isInit)("in any form gives a record with times that are right", async () => {
    for (const uptime of UPTIMES) {
      const file = join(freshDirectory(), "uptime");
      writeFileSync(file, uptime);
      const within = ["unshare", "--mount", "/bin/sh", "-c", SHOW, "show", file];
      const before = Date.now();
      const { code, record } = await runAgent(place, { within, command: sh("exit 3") });
      expect({ uptime, code, status: record?.status }).toEqual({ uptime, code: 3, status: 3 });
      expect(record!.startedAt).toBeGreaterThan(before - 1100);
      expect(record!.endedAt).toBeGreaterThanOrEqual(record!.startedAt);
      expect(record!.endedAt).toBeLessThanOrEqual(Date.now() + 100);
    }
  });
});

const SHOW = 'mount --bind "$1" /proc/uptime && shift && exec "$@"';
