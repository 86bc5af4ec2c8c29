import type { V1Job } from "@kubernetes/client-node";
import { diagnose, type Facts, KubeApiError, type Outcome } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils/types";
import { describe, expect, it } from "vitest";
import { outcomeOfCreateError, refusedOutcome } from "../../../job-supervisor/src/launch/refusal.ts";
import {
  bounds,
  facts,
  fixture,
  jobWith,
  outcomeOf,
  recorded,
  runningPod,
  T0,
  there,
  withRecord,
} from "../../../job-supervisor/test/support/facts.ts";
import type { FollowedRun } from "../../src/attempt/follow-run.ts";
import { parseConfig } from "../../src/index.ts";
import { type ErrorCode, errorCatalogue, type HostRetry } from "../../src/result/error-catalogue.ts";
import { notConfigured, refusedResult, toResult, unreachableResult } from "../../src/result/to-result.ts";
import { content, followedRun, part } from "../support/followed.ts";
import { shell } from "../support/shell-agent.ts";

const clock = { now: () => T0 };
const HOUR = 3_600_000;

/** What the host is told of an outcome that came of these facts, once the agent's output was read. */
function followed(seen: Facts, changes: Partial<FollowedRun> = {}): AdapterExecutionResult {
  const outcome = outcomeOf(diagnose(seen));
  return toResult({
    followed: followedRun({ outcome, ...changes }),
    verdict: content,
    sessionParams: undefined,
    resumedSessionId: null,
    clock,
  });
}

/** A pod that could not start is deleted, and then nothing of it has ever run. */
function neverStarted(seen: Facts): AdapterExecutionResult {
  const outcome: Outcome = { ...outcomeOf(diagnose(seen)), writer: "never_started" };
  return toResult({
    ...{ followed: followedRun({ outcome }), verdict: content, clock },
    ...{ sessionParams: undefined, resumedSessionId: null },
  });
}

/** What a recorded cluster said, an hour later. */
const real = (name: string) => followed(recorded(name, HOUR));
const stuck = (name: string) => neverStarted(recorded(name, HOUR));
const running = (changes: Partial<Facts>) => facts({ pods: there(runningPod()), ...changes });
const told = (failure: string) => followed(running({ files: withRecord({ failure, status: 1 }) }));
const refused = (outcome: Outcome) => refusedResult(outcome, { clock });

/** An answer of the API server to the create. */
function answered(code: KubeApiError["code"], message: string, status: number | null = null) {
  return refused(outcomeOfCreateError(new KubeApiError({ code, message, status }), "agents"));
}

function badConfig(): AdapterExecutionResult {
  const parsed = parseConfig(shell, { timeoutSec: "soon" });
  return notConfigured(parsed.ok ? "" : parsed.message);
}

function refusedByWebhook(): AdapterExecutionResult {
  const { refusal } = fixture("webhook-of-jobs");
  return answered("forbidden", refusal?.message ?? "", refusal?.status);
}

/** For each code what leads to it. A code without a case does not compile, and fails below. */
const cases: Readonly<Record<ErrorCode, readonly (() => AdapterExecutionResult)[]>> = {
  configuration_incomplete: [badConfig],
  cancelled: [() => refused(refusedOutcome({ kind: "cancelled" }, "Cancelled"))],
  timeout: [
    () =>
      followed(
        running({
          files: { started: true, startedSeenAt: T0 + 1000, record: null, recordSeenAt: null },
          bounds: { ...bounds, timeoutMs: 60_000 },
          now: T0 + 61_000,
        }),
      ),
  ],
  k8s_concurrent_run_blocked: [() => refused(refusedOutcome({ kind: "blocked" }, "Another run is live"))],
  k8s_concurrency_guard_unreachable: [
    () => refused(refusedOutcome({ kind: "guard_unreachable" }, "No answer")),
  ],
  k8s_job_create_failed: [
    () => answered("server_error", "etcdserver: request timed out", 500),
    () => answered("invalid", "spec.template: Required value", 422),
    () => unreachableResult("connect ECONNREFUSED"),
  ],
  k8s_forbidden: [
    () => answered("forbidden", `User "paperclip" cannot create resource "jobs" in API group "batch"`, 403),
    () => answered("unauthorized", "Unauthorized", 401),
  ],
  k8s_quota_exceeded: [() => real("quota")],
  k8s_admission_denied: [
    () => real("pod-security"),
    () => real("limit-range"),
    () => real("webhook"),
    refusedByWebhook,
  ],
  k8s_pod_schedule_failed: [() => stuck("unschedulable")],
  k8s_image_pull_failed: ["not-found", "unknown", "unauthorized", "rate-limited", "invalid-name"].map(
    (name) => () => stuck(`image-${name}`),
  ),
  k8s_volume_mount_failed: ["missing-claim", "mount-failed", "claim-not-mountable", "unbound-claim"].map(
    (name) => () => stuck(name),
  ),
  k8s_pod_log_file_missing: [() => followed(running({ now: T0 + 31_000 }))],
  k8s_config_error: [
    () => stuck("missing-secret"),
    () => answered("not_found", `namespaces "agents" not found`, 404),
  ],
  k8s_init_failed: [() => real("init-failed")],
  k8s_start_failed: [
    () => real("start-error"),
    () => told("cli_missing"),
    () => told("output_unwritable"),
    () => told("already_started"),
  ],
  k8s_disk_full: [() => told("disk_full")],
  k8s_lease_expired: [() => told("lease_expired")],
  k8s_oom_killed: [() => real("oom"), () => real("oom-of-a-child")],
  k8s_evicted: [() => real("evicted-by-storage")],
  k8s_disrupted: [() => real("evicted-by-api"), () => real("preempted")],
  k8s_node_lost: [() => real("node-lost")],
  k8s_deadline_exceeded: [() => real("deadline")],
  k8s_job_deleted_externally: [
    () => real("deleted-while-running"),
    () => real("deleted-while-pulling"),
    () => real("force-deleted-pod"),
  ],
  k8s_job_state_mismatch: [
    () => {
      const job: V1Job = jobWith({ type: "Failed", reason: "PodFailurePolicy" });
      return followed(facts({ job, now: T0 + 60_000 }));
    },
  ],
  k8s_log_incomplete: [() => followed(recorded("succeeded", HOUR), { stdout: part })],
  agent_failed: [() => real("exit-3")],
};

const order: readonly HostRetry[] = ["no", "if_unstarted", "after_wait"];

/** What a result lets the host do by itself. */
function allowed({ errorCode, errorFamily, executionRecovery }: AdapterExecutionResult): HostRetry {
  // The evidence only tells that the cancel left nothing behind: nobody wants that run again.
  if (errorCode === "cancelled") return "no";
  if (errorFamily === "transient_upstream" || errorFamily === "provider_quota") return "after_wait";
  return executionRecovery?.kind === "bootstrap" ? "if_unstarted" : "no";
}

describe("every code of the catalogue", () => {
  it("has a case, and every case is of the catalogue", () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(errorCatalogue).sort());
    for (const [code, those] of Object.entries(cases)) expect(those, code).not.toEqual([]);
  });

  const codes = Object.keys(errorCatalogue) as ErrorCode[];

  it.each(codes)("%s is reached, with its remedy in the message", (code) => {
    for (const end of cases[code]) {
      const { errorCode, errorMessage } = end();
      expect(errorCode).toBe(code);
      expect(errorMessage).toContain(errorCatalogue[code].remedy);
    }
  });

  it.each(codes)("%s allows the host as much as its cases do, at most", (code) => {
    const most = Math.max(...cases[code].map((end) => order.indexOf(allowed(end()))));
    expect(errorCatalogue[code].retry).toBe(order[most]);
  });

  it.each(codes)("%s has meaning, cause and remedy as whole sentences", (code) => {
    const { meaning, cause, remedy } = errorCatalogue[code];
    for (const text of [meaning, cause, remedy]) expect(text).toMatch(/^\w.{15,}[.]$/);
  });
});
