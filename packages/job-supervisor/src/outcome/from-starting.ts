import type { CoreV1Event } from "@kubernetes/client-node";
import { agentStatus, currentPod, type Facts, podCondition, timeOf } from "./facts.ts";
import { imagePullFailure, isImagePullFailure } from "./image-pull.ts";
import type { OutcomeKind, Verdict } from "./outcome.ts";
import { ended, pending } from "./verdict.ts";

/** A claim that does not exist is not made by waiting for the scheduler; a typing error should not take minutes. */
const MISSING_CLAIM_GRACE_MS = 15_000;
/** A missing Secret or key shows at once when the informer of the kubelet lags; it settles within seconds. */
const CONFIG_ERROR_GRACE_MS = 20_000;

/** A watch that works again delivers what it missed within moments, and so does the run directory, in ms. */
const SETTLE_MS = 10_000;

/**
 * The agent's container has not started yet. Each phase has a bound of its own. A bound that has passed while
 * the API was away says nothing: the pod may have started meanwhile, unheard of, and must not be ended. Nor
 * does one that had passed when this process took the Job up.
 */
export function fromStarting(facts: Facts): Verdict {
  const verdict = judgePhase(facts);
  if (verdict.state !== "ended") return verdict;
  const { apiHealthySince, followedSince, resumedAt } = facts;
  const takenUpAt = followedSince > resumedAt ? followedSince : 0;
  const settledAt = apiHealthySince === null ? null : Math.max(apiHealthySince, takenUpAt) + SETTLE_MS;
  if (settledAt !== null && facts.now >= settledAt) return verdict;
  const phase = currentPod(facts) ? "starting" : "scheduling";
  return pending(phase, { reviewAt: settledAt, detail: verdict.outcome.message });
}

function judgePhase(facts: Facts): Verdict {
  const observed = currentPod(facts);
  if (!observed || observed.removedAt !== null) return withoutPod(facts);
  const scheduled = podCondition(observed, "PodScheduled");
  if (scheduled?.status !== "True") return unscheduled(facts, scheduled?.message ?? null);
  const scheduledAt = timeOf(scheduled.lastTransitionTime) ?? facts.resumedAt;
  const waiting = agentStatus(facts, observed)?.state?.waiting;
  if (isImagePullFailure(waiting?.reason)) return imagePullFailure(facts, { waiting, scheduledAt });
  if (waiting?.reason === "CreateContainerConfigError")
    return configError(facts, scheduledAt, waiting.message ?? "");
  return slowStart(facts, scheduledAt, waiting?.message ?? null);
}

/** Resumed, and the Job controller has made no pod: it is slow, or something refuses the pod. */
function withoutPod(facts: Facts): Verdict {
  if (facts.job?.spec?.suspend)
    return pending("queued", { detail: "The Job is suspended: a queue has not admitted it yet." });
  const dueAt = facts.resumedAt + Math.min(facts.bounds.startMs, facts.bounds.schedulingMs);
  const refusalDueAt = facts.resumedAt + REFUSAL_AFTER_MS;
  if (facts.now < refusalDueAt) return pending("scheduling", { reviewAt: refusalDueAt });
  const refusal = latest(facts.events, "FailedCreate");
  if (refusal) {
    const kind = kindOfRefusal(refusal.message ?? "");
    return ended(facts, kind, `Kubernetes refuses the pod: ${refusal.message}`, {
      mustStop: true,
      reason: "FailedCreate",
    });
  }
  if (facts.now < dueAt) return pending("scheduling", { reviewAt: dueAt, needsEvents: true });
  if (facts.events === null && facts.now < dueAt + EVENTS_WITHIN_MS)
    return pending("scheduling", { reviewAt: dueAt + EVENTS_WITHIN_MS, needsEvents: true });
  // There is a pod, of which a watch that has silently gone has not told yet: it may be at work.
  const { schedulingMs, imagePullMs, startMs } = facts.bounds;
  const longestAt = facts.resumedAt + schedulingMs + imagePullMs + startMs;
  if (latest(facts.events, "SuccessfulCreate") && facts.now < longestAt)
    return pending("scheduling", { reviewAt: longestAt });
  const message = `The Job controller made no pod within ${(dueAt - facts.resumedAt) / 1000} s.`;
  return ended(facts, { kind: "start_failed", failure: "no_pod" }, message, { mustStop: true });
}

/** The Job controller makes a pod within a second; its refusals are events on the Job. */
const REFUSAL_AFTER_MS = 5000;

/** Which rule refuses, by the words that the API server's plugins have. */
export function kindOfRefusal(message: string): OutcomeKind {
  if (/exceeded quota|failed quota/i.test(message)) return { kind: "quota_exceeded" };
  if (
    /violates PodSecurity|admission webhook|(minimum|maximum) .* usage per (Container|Pod)|denied/i.test(
      message,
    )
  ) {
    return { kind: "admission_denied" };
  }
  if (/(service ?account|RuntimeClass) .*not found|no PriorityClass/i.test(message))
    return { kind: "config_error" };
  return { kind: "forbidden" };
}

function unscheduled(facts: Facts, detail: string | null): Verdict {
  const missingClaim = /persistentvolumeclaim "?[^ "]+"? (not found|is being deleted)/i.test(detail ?? "");
  const bound = missingClaim ? MISSING_CLAIM_GRACE_MS : facts.bounds.schedulingMs;
  const dueAt = facts.resumedAt + bound;
  if (facts.now < dueAt) return pending("scheduling", { reviewAt: dueAt, detail });
  if (missingClaim) {
    return ended(facts, { kind: "volume_mount_failed" }, `The volume claim cannot be used: ${detail}`, {
      mustStop: true,
      detail,
    });
  }
  const message = `No node took the pod within ${bound / 1000} s: ${detail ?? "the scheduler gave no reason"}`;
  // A node would be there: it is the volume that is not.
  const isUnbound = /unbound immediate PersistentVolumeClaims/i.test(detail ?? "");
  return ended(facts, { kind: isUnbound ? "volume_mount_failed" : "unschedulable" }, message, {
    mustStop: true,
    reason: "Unschedulable",
    detail,
  });
}

function configError(facts: Facts, scheduledAt: number, detail: string): Verdict {
  const dueAt = scheduledAt + CONFIG_ERROR_GRACE_MS;
  if (facts.now < dueAt) return pending("starting", { reviewAt: dueAt, detail });
  const message = `The container cannot be configured: ${detail}`;
  return ended(facts, { kind: "config_error" }, message, {
    mustStop: true,
    reason: "CreateContainerConfigError",
    detail,
  });
}

/** On a node, and nothing is wrong yet: the image may be large, a volume slow to mount. */
function slowStart(facts: Facts, scheduledAt: number, detail: string | null): Verdict {
  const mountTrouble = latest(facts.events, "FailedMount", "FailedAttachVolume");
  const pulling = latest(facts.events, "Pulling") && !latest(facts.events, "Pulled");
  const phase = pulling ? "pulling" : "starting";
  const firstLookAt = scheduledAt + facts.bounds.startMs;
  if (facts.now < firstLookAt) return pending(phase, { reviewAt: firstLookAt, detail });
  const longestAt = scheduledAt + Math.max(facts.bounds.imagePullMs, facts.bounds.startMs);
  // Without events a slow pull looks like a slow start: the longer bound is the honest one.
  if (facts.events === null && facts.now < longestAt)
    return pending(phase, { needsEvents: true, reviewAt: facts.now + EVENTS_WITHIN_MS, detail });
  if (mountTrouble) {
    const message = `A volume of the pod cannot be mounted: ${mountTrouble.message}`;
    return ended(facts, { kind: "volume_mount_failed" }, message, {
      mustStop: true,
      reason: mountTrouble.reason ?? null,
    });
  }
  const dueAt = pulling ? scheduledAt + facts.bounds.imagePullMs : firstLookAt;
  if (facts.now < dueAt) return pending(phase, { reviewAt: dueAt, detail });
  if (pulling) {
    const message = `The image was not pulled within ${facts.bounds.imagePullMs / 1000} s.`;
    return ended(facts, { kind: "image_pull_failed", cause: "other" }, message, { mustStop: true });
  }
  const message = `The container did not start within ${facts.bounds.startMs / 1000} s: ${detail ?? "no reason given"}`;
  return ended(facts, { kind: "start_failed", failure: "start_timeout" }, message, {
    mustStop: true,
    detail,
  });
}

/** How long the answer with the events may take before the phase is judged without. */
const EVENTS_WITHIN_MS = 5000;

function latest(events: readonly CoreV1Event[] | null, ...reasons: string[]): CoreV1Event | undefined {
  return events?.filter((event) => reasons.includes(event.reason ?? "")).at(-1);
}
