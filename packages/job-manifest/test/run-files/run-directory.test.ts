import fc from "fast-check";
import { expect, test } from "vitest";
import { buildPodLogPath, JobManifestError, runDirectory, runFiles } from "../../src/index.ts";

test("the log path is the one that hosts know", () => {
  expect(buildPodLogPath("c1", "a1", "r1")).toBe("/paperclip/instances/default/run-logs/c1/a1/r1.pod.ndjson");
  expect(buildPodLogPath("c1", "a1", "r1", { home: "/data", instance: "blue", attempt: 2 })).toBe(
    "/data/instances/blue/run-logs/c1/a1/r1.2.pod.ndjson",
  );
});

test.each(["../x", "%2e%2e", "a\nb", "a\0b", "", "a/b", "a.b", "ü", "r1\n", "x".repeat(201)])(
  "K5 the id %j is refused for each field",
  (bad) => {
    expect(() => buildPodLogPath(bad, "a", "r")).toThrow(`Invalid companyId for log path: ${bad}`);
    expect(() => buildPodLogPath("c", bad, "r")).toThrow(`Invalid agentId for log path: ${bad}`);
    expect(() => buildPodLogPath("c", "a", bad)).toThrow(`Invalid runId for log path: ${bad}`);
    expect(() => buildPodLogPath("c", "a", bad)).toThrow(JobManifestError);
  },
);

test("K5 an instance cannot lead out of the volume", () => {
  expect(() => runDirectory({ instance: "..", companyId: "c", agentId: "a" })).toThrow("Invalid instance");
});

test("K5 whatever the ids, a path is refused or lies in its own run directory", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      try {
        expect(buildPodLogPath("c", "a", text)).toBe(
          `/paperclip/instances/default/run-logs/c/a/${text}.pod.ndjson`,
        );
        expect(text).toMatch(/^[a-zA-Z0-9-]+$/);
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid_id", field: "runId" });
      }
    }),
    { seed: 5, numRuns: 500 },
  );
});

test("an attempt shares no file with another", () => {
  const first = Object.values(runFiles({ directory: "/d", runId: "r" }));
  const second = Object.values(runFiles({ directory: "/d", runId: "r", attempt: 2 }));
  expect(first).toEqual(
    ["ndjson", "stderr", "exit.json", "started", "lease", "prompt"].map((end) => `/d/r.pod.${end}`),
  );
  expect(second).toEqual(first.map((path) => path.replace("/r.pod", "/r.2.pod")));
});
