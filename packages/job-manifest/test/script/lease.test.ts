import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { describePlaces, freshDirectory, makeHostFiles, places, runAgent, sh } from "./run-agent.ts";

describePlaces("the lease", (place) => {
  test("that nobody renews ends the agent, which may save first", async () => {
    const directory = freshDirectory();
    const files = makeHostFiles(directory);
    writeFileSync(files.lease, "1\n");
    const ended = await runAgent(place, {
      directory,
      environment: { AGENT_RUN_LEASE: files.lease, AGENT_RUN_LEASE_SEC: "1" },
      command: sh("trap 'echo saved; exit 0' TERM; while :; do sleep 0.05; done"),
    });
    expect(ended.code).toBe(1);
    expect(ended.record).toMatchObject({ status: 0, failure: "lease_expired" });
    expect(ended.stdout.toString()).toBe("saved\n");
  });
});

describe.concurrent.each(places().slice(0, 2))("a renewed lease, $title", (place) => {
  test("lets the agent work", async () => {
    const directory = freshDirectory();
    const files = makeHostFiles(directory);
    const renewing = sh(
      'i=0; while [ $i -lt 25 ]; do echo $i >"$1"; sleep 0.1; i=$((i+1)); done; exit 0',
      files.lease,
    );
    const ended = await runAgent(place, {
      directory,
      environment: { AGENT_RUN_LEASE: files.lease, AGENT_RUN_LEASE_SEC: "2" },
      command: renewing,
    });
    expect(ended.code).toBe(0);
    expect(ended.record).toMatchObject({ status: 0, failure: null });
  });
});
