import type { V1Job } from "@kubernetes/client-node";
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildJob, instanceSelector, readRun, runSelector, sameRun } from "../../src/index.ts";
import { exampleSpec, fullSpec } from "../example-spec.ts";

const pathId = fc.stringMatching(/^[a-zA-Z0-9-]{1,200}$/);
const freeId = fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }), { nil: null });
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

test("G14 any identity comes back from its Job in full, and every label is one that Kubernetes takes", () => {
  fc.assert(
    fc.property(pathId, pathId, pathId, freeId, freeId, (companyId, agentId, runId, taskId, sessionId) => {
      const identity = { adapterType: "any type", companyId, agentId, runId, taskId, sessionId, attempt: 3 };
      const job = buildJob(exampleSpec({ identity }));
      expect(readRun(job, "example.com")!.identity).toEqual(identity);
      for (const value of Object.values(job.metadata!.labels!)) expect(value).toMatch(LABEL_VALUE);
    }),
    { seed: 14, numRuns: 300 },
  );
});

test("a Job tells everything about its run", () => {
  const job = buildJob(fullSpec());
  job.metadata!.uid = "uid-1";
  expect(readRun(job, "example.com")).toEqual({
    name: job.metadata!.name,
    namespace: "agents",
    uid: "uid-1",
    identity: fullSpec().identity,
    instanceId: "0123456789",
    runDirectory: fullSpec().runDirectory,
    promptSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    protocol: "1",
    retained: true,
  });
});

test("two empty tasks are the same task, whether null or empty text", () => {
  const { identity } = exampleSpec();
  const job = buildJob(exampleSpec({ identity: { ...identity, taskId: "" } }));
  expect(readRun(job, "example.com")!.identity.taskId).toBeNull();
});

test("somebody else's Job is not ours", () => {
  expect(readRun({}, "example.com")).toBeNull();
  expect(readRun(buildJob(exampleSpec()), "other.example")).toBeNull();
});

const SPOILT: [string, (job: V1Job) => void][] = [
  ["another component", (job) => (job.metadata!.labels!["app.kubernetes.io/component"] = "web")],
  ["no run id", (job) => delete job.metadata!.annotations!["example.com/run-id"]],
  [
    "K5 a run id that leads elsewhere",
    (job) => (job.metadata!.annotations!["example.com/run-id"] = "../../x"),
  ],
  [
    "K5 a run directory that leads out",
    (job) => (job.metadata!.annotations!["example.com/run-directory"] = "a/../../b"),
  ],
  [
    "K5 an absolute run directory",
    (job) => (job.metadata!.annotations!["example.com/run-directory"] = "/etc"),
  ],
  ["an attempt that is no number", (job) => (job.metadata!.labels!["example.com/attempt"] = "first")],
  ["no protocol", (job) => delete job.metadata!.annotations!["example.com/protocol"]],
  ["no instance", (job) => delete job.metadata!.labels!["example.com/instance"]],
];

test.each(SPOILT)("a Job with %s is not ours", (_title, spoil) => {
  const job = buildJob(exampleSpec());
  spoil(job);
  expect(readRun(job, "example.com")).toBeNull();
});

test("G10 an existing Job is ours only if every label and annotation says so", () => {
  const spec = exampleSpec();
  const job = buildJob(spec);
  expect(sameRun(job, spec)).toBe(true);
  job.metadata!.labels!["added-by"] = "somebody";
  expect(sameRun(job, spec)).toBe(true);
  expect(sameRun(job, { ...spec, prompt: "another" })).toBe(false);
  expect(sameRun(job, { ...spec, namespace: "other" })).toBe(false);
  expect(sameRun(job, { ...spec, identity: { ...spec.identity, sessionId: "s" } })).toBe(false);
  expect(sameRun(job, { ...spec, identity: { ...spec.identity, attempt: 2 } })).toBe(false);
  expect(sameRun({}, spec)).toBe(false);
});

test("selectors match the labels of the Jobs they are for", () => {
  const spec = fullSpec();
  const { labels } = buildJob(spec).metadata!;
  const { agentId, runId, taskId } = spec.identity;
  const selectors = [
    instanceSelector(spec.naming),
    runSelector({ naming: spec.naming, agentId, runId, taskId }),
    runSelector({ naming: spec.naming, agentId: "x".repeat(200) }),
  ];
  const matches = selectors.map((selector) =>
    selector.split(",").every((term) => labels![term.split("=")[0]!] === term.split("=")[1]),
  );
  expect(matches).toEqual([true, true, false]);
  expect(selectors[0]).toBe(
    "app.kubernetes.io/managed-by=example,app.kubernetes.io/component=agent-job,example.com/instance=0123456789",
  );
});
