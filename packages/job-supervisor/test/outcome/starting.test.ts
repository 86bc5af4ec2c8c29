import type { CoreV1Event } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { diagnose, type Facts } from "../../src/index.ts";
import { facts, jobWith, outcomeOf, pod, podIn, runningPod, T0, there } from "../support/facts.ts";

const event = (reason: string, message = "") => ({ reason, message }) as CoreV1Event;
const unscheduled = (message: string) =>
  there(pod({ phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message }] as never }));
const waiting = (reason: string, message?: string) => there(podIn({ waiting: { reason, message } }));
const at = (ms: number, changes: Partial<Facts>) => diagnose(facts({ now: T0 + ms, ...changes }));

describe("a run that has not started", () => {
  test("C13 unschedulable waits its bound with the scheduler's words, then says so", () => {
    const pods = unscheduled("0/3 nodes are available: 3 Insufficient memory");
    expect(at(299_999, { pods })).toMatchObject({
      phase: "scheduling",
      detail: expect.stringContaining("Insufficient"),
      reviewAt: T0 + 300_000,
    });
    expect(outcomeOf(at(300_000, { pods }))).toMatchObject({
      kind: "unschedulable",
      message: expect.stringContaining("Insufficient"),
    });
  });

  test("C13 schedulable later is no failure: the next phase has a bound of its own", () => {
    const late = podIn(
      { waiting: { reason: "ContainerCreating" } },
      {
        conditions: [
          { type: "PodScheduled", status: "True", lastTransitionTime: new Date(T0 + 290_000) },
        ] as never,
      },
    );
    expect(at(400_000, { pods: there(late) })).toMatchObject({ phase: "starting" });
    expect(
      at(400_000, {
        pods: there(runningPod()),
        files: { started: true, startedSeenAt: T0, record: null, recordSeenAt: null },
      }),
    ).toMatchObject({ phase: "running" });
  });

  test("C14 a claim that does not exist takes 15 s, one that is not bound the whole bound", () => {
    expect(at(14_999, { pods: unscheduled('persistentvolumeclaim "x" not found') })).toMatchObject({
      phase: "scheduling",
    });
    expect(outcomeOf(at(15_000, { pods: unscheduled('persistentvolumeclaim "x" not found') }))).toMatchObject(
      { kind: "volume_mount_failed" },
    );
    expect(
      at(15_000, { pods: unscheduled("pod has unbound immediate PersistentVolumeClaims") }),
    ).toMatchObject({ phase: "scheduling" });
  });

  test.each([
    ["an invalid name at once", "InvalidImageName", "couldn't parse image name", 1, "invalid_name"],
    ["a missing image after 20 s", "ErrImagePull", "manifest unknown: manifest unknown", 20_000, "not_found"],
    ["missing rights after 30 s", "ImagePullBackOff", "401 Unauthorized", 30_000, "auth"],
    [
      "a rate limit after the whole bound",
      "ErrImagePull",
      "toomanyrequests: You have reached your pull rate limit",
      900_000,
      "rate_limit",
    ],
    ["a rate limit by its status", "ErrImagePull", "unexpected status code 429", 900_000, "rate_limit"],
    [
      "an unreachable registry after the whole bound",
      "ErrImagePull",
      "dial tcp: i/o timeout",
      900_000,
      "other",
    ],
  ])("C12 %s", (_name, reason, message, dueMs, cause) => {
    const pods = waiting(reason, message);
    if (dueMs > 1) expect(at(dueMs - 1, { pods })).toMatchObject({ phase: "pulling", reviewAt: T0 + dueMs });
    expect(outcomeOf(at(dueMs, { pods }))).toMatchObject({
      kind: "image_pull_failed",
      cause,
      message: expect.stringContaining(message),
    });
  });

  test("C12 a tag or a name that looks like a status is not one", () => {
    const pods = waiting(
      "ErrImagePull",
      'failed to resolve "registry.example/ratelimit:429": manifests/429: not found',
    );
    const first = pods[0]?.pod.spec?.containers[0];
    if (first) first.image = "registry.example/ratelimit:429";
    expect(outcomeOf(at(20_000, { pods }))).toMatchObject({ cause: "not_found" });
  });

  test("C12 a pull of four minutes is asked about once, and not a failure", () => {
    const pods = waiting("ContainerCreating");
    expect(at(119_999, { pods })).toMatchObject({ needsEvents: false, reviewAt: T0 + 120_000 });
    expect(at(120_000, { pods })).toMatchObject({ needsEvents: true });
    expect(at(240_000, { pods, events: [event("Pulling")] })).toMatchObject({
      phase: "pulling",
      reviewAt: T0 + 900_000,
      needsEvents: false,
    });
    expect(outcomeOf(at(900_000, { pods, events: [event("Pulling")] }))).toMatchObject({
      kind: "image_pull_failed",
      cause: "other",
    });
  });

  test("C12 without the right to read events a slow start has the bound of a slow pull", () => {
    const pods = waiting("ContainerCreating");
    expect(at(899_999, { pods, events: null })).toMatchObject({ state: "pending" });
    expect(outcomeOf(at(900_000, { pods, events: null }))).toMatchObject({
      kind: "start_failed",
      failure: "start_timeout",
    });
  });

  test("C14 a volume that cannot be mounted is told in the kubelet's words", () => {
    const events = [event("FailedMount", "mount failed: exit status 32")];
    expect(outcomeOf(at(120_000, { pods: waiting("ContainerCreating"), events }))).toMatchObject({
      kind: "volume_mount_failed",
      message: expect.stringContaining("exit status 32"),
    });
  });

  test("K8 a missing Secret key fails closed after 20 s", () => {
    const pods = waiting("CreateContainerConfigError", "couldn't find key KEY");
    expect(at(19_999, { pods })).toMatchObject({ state: "pending" });
    expect(outcomeOf(at(20_000, { pods }))).toMatchObject({ kind: "config_error" });
  });

  test("a suspended Job is queued without a bound", () => {
    const job = jobWith(null);
    if (job.spec) job.spec.suspend = true;
    expect(at(86_400_000, { job })).toMatchObject({ state: "pending", phase: "queued", reviewAt: null });
  });

  test.each([
    ["exceeded quota: compute, requested: pods=1", "quota_exceeded"],
    ['violates PodSecurity "restricted:latest"', "admission_denied"],
    ["maximum memory usage per Container is 1Gi, but limit is 2Gi", "admission_denied"],
    ['admission webhook "policy.example" denied the request', "admission_denied"],
    ['serviceaccount "agent" not found', "config_error"],
    ['error looking up service account agents/agent: serviceaccount "agent" not found', "config_error"],
    ['no PriorityClass with name "nope" was found', "config_error"],
    ['RuntimeClass "nope" not found', "config_error"],
    ["pods is forbidden: whatever it was", "forbidden"],
  ])("C17 a pod refused with %j is told as %s", (message, kind) => {
    expect(at(4_999, { events: [event("FailedCreate", message)] })).toMatchObject({ phase: "scheduling" });
    expect(outcomeOf(at(5_000, { events: [event("FailedCreate", message)] }))).toMatchObject({
      kind,
      message: expect.stringContaining(message),
    });
  });

  test("no pod and no word of why is a failed start after its bound", () => {
    expect(outcomeOf(at(120_000, { events: [] }))).toMatchObject({
      kind: "start_failed",
      failure: "no_pod",
      writer: "never_started",
    });
  });

  test("a pod that its Job's events tell of, and the watch does not, is waited for: it may be at work", () => {
    const events = [event("SuccessfulCreate", "Created pod: run-x")];
    expect(at(600_000, { events })).toMatchObject({ phase: "scheduling", reviewAt: T0 + 1_320_000 });
    expect(outcomeOf(at(1_320_000, { events }))).toMatchObject({ kind: "start_failed", failure: "no_pod" });
    expect(at(120_000, { events: null })).toMatchObject({ state: "pending", needsEvents: true });
    expect(outcomeOf(at(125_000, { events: null }))).toMatchObject({ failure: "no_pod" });
  });

  test("G5 a bound that had passed when the Job was taken up counts only when there was time to look", () => {
    const late = { followedSince: T0 + 600_000, events: [] };
    expect(at(600_000, late)).toMatchObject({ state: "pending", reviewAt: T0 + 610_000 });
    expect(outcomeOf(at(610_000, late))).toMatchObject({ kind: "start_failed" });
  });

  test("C3 a bound that passed during an outage ends nothing: the pod may have started unheard of", () => {
    const away = { apiHealthy: false, apiHealthySince: null };
    expect(at(600_000, { ...away, events: [] })).toMatchObject({ state: "pending", reviewAt: null });
    const back = { apiHealthySince: T0 + 600_000, events: [] };
    expect(at(600_001, back)).toMatchObject({ state: "pending", reviewAt: T0 + 610_000 });
    expect(outcomeOf(at(610_000, back))).toMatchObject({ kind: "start_failed" });
  });
});
