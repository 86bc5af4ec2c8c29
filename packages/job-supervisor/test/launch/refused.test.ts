import { describe, expect, test } from "vitest";
import { KubeApiError } from "../../src/index.ts";
import { outcomeOfCreateError } from "../../src/launch/refusal.ts";
import { inTime } from "../support/fake-clock.ts";
import { world } from "../support/world.ts";

describe("a launch that is refused leaves nothing", () => {
  test("G3 a guard that cannot be asked does not let the run start", async () => {
    await using it = await world();
    const host = it.host();
    await host.run({ runId: "warm-up", identity: { agentId: "other" } });
    const fault = it.sandbox.faults.inject({
      match: { verb: "list", resource: "jobs" },
      fault: { kind: "status", code: 500 },
    });
    const launched = inTime(host.launch(), { what: "the refusal", clock: host.clock, stepMs: 1000 });
    expect(await launched).toMatchObject({
      kind: "refused",
      outcome: { kind: "guard_unreachable", writer: "never_started" },
    });
    expect(it.files("run-1").prepared).toBe(0);
    fault.remove();
    expect((await it.left()).jobs).toHaveLength(1);
  });

  test("K1 a Secret that is refused takes its Job with it", async () => {
    await using it = await world({ permissions: { deny: [{ verb: "create", resource: "secrets" }] } });
    const host = it.host();
    const launched = inTime(host.launch(), { what: "the refusal", clock: host.clock, stepMs: 500 });
    expect(await launched).toMatchObject({
      kind: "refused",
      outcome: { kind: "forbidden", message: expect.stringContaining("secrets") },
    });
    await it.nothingLeft();
    expect(it.files("run-1").prepared).toBe(0);
  });

  test("a run directory that cannot be made is told before anything runs", async () => {
    await using it = await world();
    it.files("run-1").fails = new Error("EROFS: read-only file system");
    const result = await it.host().launch();
    expect(result).toMatchObject({
      kind: "refused",
      outcome: { kind: "start_failed", failure: "run_directory", message: expect.stringContaining("EROFS") },
    });
    await it.nothingLeft();
  });

  test("H7 missing rights to watch are told as such, at once", async () => {
    await using it = await world({ permissions: { deny: [{ verb: "list", resource: "pods" }] } });
    expect(await it.host().launch()).toMatchObject({ kind: "refused", outcome: { kind: "forbidden" } });
    expect((await it.left()).jobs).toEqual([]);
  });

  test("no answer to the resume is not a no: the files stay, for the pod may work", async () => {
    await using it = await world();
    const host = it.host();
    it.sandbox.faults.inject({
      match: { verb: ["patch", "delete"], resource: "jobs" },
      fault: { kind: "lose_answer" },
    });
    const launched = inTime(host.launch(), { what: "the refusal", clock: host.clock, stepMs: 2000 });
    expect(await launched).toMatchObject({
      kind: "refused",
      outcome: { kind: "create_failed", writer: "not_confirmed" },
    });
    expect(it.files("run-1")).toMatchObject({ present: true });
  });
});

describe("what the API's refusals are called", () => {
  const refusal = (code: KubeApiError["code"], message: string) =>
    outcomeOfCreateError(new KubeApiError({ code, message }), "agents").kind;

  test.each([
    ["forbidden", 'jobs.batch "x" is forbidden: exceeded quota: jobs', "quota_exceeded"],
    ["forbidden", 'User "x" cannot create resource "jobs" in API group "batch"', "forbidden"],
    ["forbidden", 'User "x" cannot watch resource "pods" in API group ""', "forbidden"],
    ["forbidden", 'admission webhook "p" denied the request: no', "admission_denied"],
    ["invalid", 'admission webhook "p" denied the request: no', "admission_denied"],
    [
      "invalid",
      "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no agents on Sundays",
      "admission_denied",
    ],
    ["invalid", "Job.batch is invalid: spec", "create_failed"],
    ["not_found", 'namespaces "agents" not found', "config_error"],
    ["unauthorized", "Unauthorized", "forbidden"],
    ["unreachable", "ECONNREFUSED", "create_failed"],
    ["aborted", "given up", "cancelled"],
  ] as const)("C17 %s, %j is %s", (code, message, kind) => {
    expect(refusal(code, message)).toBe(kind);
  });

  test.each([
    ["unreachable", true],
    ["timeout", true],
    ["server_error", true],
    ["throttled", true],
    ["conflict", true],
    ["invalid", false],
    ["already_exists", false],
  ] as const)("what the API server says with %s may pass by itself: %s", (code, transient) => {
    const error = new KubeApiError({ code, message: "said the server" });
    expect(outcomeOfCreateError(error, "agents")).toMatchObject({ kind: "create_failed", transient });
  });
});
