import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseExitRecord } from "@paperclip-k8s/job-manifest";
import { expect, it } from "vitest";
import { leaveOrphan } from "../support/killed-host.ts";
import { run } from "../support/run.ts";
import { sharedStage } from "../support/shared-stage.ts";
import { until } from "../support/until.ts";

const stage = sharedStage();
const config = { leaseSec: 15, graceSec: 5, reattachOrphanedJobs: false };

it("the dead-man's switch ends the agent of a host that was killed, which may save first; with a host it works on", async () => {
  const script =
    "trap 'echo saved; exit 0' TERM; echo begun; i=0; while [ $i -lt 400 ]; do sleep 0.1; i=$((i+1)); done";
  const orphan = leaveOrphan({ stage: stage(), agentId: "orphan", config, script, word: "begun" }).then(() =>
    until(
      "the record of the orphan",
      async () => (await recordOf("orphan"))?.failure === "lease_expired",
      40_000,
    ),
  );
  // Longer than its lease.
  const followed = run({ stage: stage(), config, script: "sleep 19; echo done" });
  await orphan;
  expect(await recordOf("orphan")).toMatchObject({ status: 0, failure: "lease_expired" });
  expect(await followed).toMatchObject({ stdout: "done\n", result: { exitCode: 0, errorCode: null } });
});

/** The exit record of an agent's one run. */
async function recordOf(agentId: string) {
  const folder = join(stage().volume, "instances/default/run-logs/company-1", agentId);
  const file = (await readdir(folder)).find((name) => name.endsWith(".pod.exit.json"));
  return file === undefined ? null : parseExitRecord(await readFile(join(folder, file), "utf8"));
}
