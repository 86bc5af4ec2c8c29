import { expect, test } from "vitest";
import { agentRunScript, buildJob, jobName } from "../src/index.ts";
import { exampleSpec, fullSpec } from "./example-spec.ts";

/** The manifest with the script's text taken out: it has tests of its own. */
function shown(job: unknown): unknown {
  return JSON.parse(
    JSON.stringify(job, (_key, value) =>
      value === agentRunScript.replaceAll("$", "$$$$") ? "<script>" : value,
    ),
  );
}

test("a plain run looks like this", () => {
  expect(shown(buildJob(exampleSpec()))).toMatchSnapshot();
});

test("a run with everything configured looks like this", () => {
  expect(shown(buildJob(fullSpec()))).toMatchSnapshot();
});

test("the same description gives the same Job, byte for byte, whatever the order of its keys", () => {
  const reversed = Object.fromEntries(Object.entries(exampleSpec()).reverse()) as ReturnType<
    typeof exampleSpec
  >;
  const environment = { API_KEY: "sk-secret", HOME: "/paperclip" };
  expect(JSON.stringify(buildJob({ ...reversed, environment }))).toBe(
    JSON.stringify(buildJob(exampleSpec())),
  );
});

test("the description is not shared with the Job that was built from it", () => {
  const spec = fullSpec();
  const before = JSON.stringify(spec);
  const job = buildJob(spec);
  job.spec!.template.spec!.tolerations![0]!.key = "changed";
  job.spec!.template.spec!.containers[0]!.resources!.requests!["cpu"] = "9";
  job.spec!.template.metadata!.labels!["team"] = "changed";
  expect(JSON.stringify(spec)).toBe(before);
  expect(job.metadata!.labels!["team"]).toBe("blue");
});

test("every Job is created suspended, runs once and never beside a terminating pod", () => {
  for (const spec of [exampleSpec(), fullSpec()]) {
    expect(buildJob(spec).spec).toMatchObject({
      suspend: true,
      backoffLimit: 0,
      podReplacementPolicy: "Failed",
      template: { spec: { restartPolicy: "Never" } },
    });
  }
});

test("C6 C7 timeoutSec 0 sets no deadline, a finite one a net behind all bounds", () => {
  expect(buildJob(exampleSpec()).spec).not.toHaveProperty("activeDeadlineSeconds");
  const bounds = { schedulingSec: 1, imagePullSec: 20, startSec: 300, timeoutSec: 4000, graceSec: 50_000 };
  expect(buildJob(exampleSpec({ bounds })).spec!.activeDeadlineSeconds).toBe(54_321 + 300);
});

test("the pod's grace is ten seconds longer than the agent's, so that the record is always written", () => {
  expect(buildJob(exampleSpec()).spec!.template.spec!.terminationGracePeriodSeconds).toBe(40);
});

test("a retained Job has no TTL and says so", () => {
  const job = buildJob(exampleSpec({ ttlSecondsAfterFinished: null }));
  expect(job.spec).not.toHaveProperty("ttlSecondsAfterFinished");
  expect(job.metadata!.labels!["example.com/retained"]).toBe("true");
});

test("a Job for Kueue does not carry the queue's label before the resume step", () => {
  expect(JSON.stringify(buildJob(exampleSpec({ kueueQueue: "agents" })))).not.toContain("kueue");
});

test("the Job has its name and its namespace", () => {
  const spec = exampleSpec();
  expect(buildJob(spec).metadata).toMatchObject({
    name: jobName(spec.naming, spec.identity),
    namespace: "agents",
  });
});
