import { isDenial, isTransient, KubeApiError } from "../api/kube-api-error.ts";
import type { Outcome, OutcomeKind } from "../outcome/outcome.ts";

/** The outcome of a run that never got as far as a pod. */
export function refusedOutcome(kind: OutcomeKind, message: string, detail: string | null = null): Outcome {
  return {
    ...kind,
    message,
    writer: "never_started",
    exitRecord: null,
    exitCode: null,
    signal: null,
    evidence: {
      jobName: null,
      podName: null,
      nodeName: null,
      reason: null,
      detail,
      startedAt: null,
      endedAt: null,
    },
  };
}

/** Why the API server did not take the Job or its Secret. */
export function outcomeOfCreateError(error: unknown, namespace: string): Outcome {
  const said = error instanceof Error ? error.message : String(error);
  if (!(error instanceof KubeApiError))
    return refusedOutcome({ kind: "create_failed", transient: false }, said);
  if (error.code === "aborted") return refusedOutcome({ kind: "cancelled" }, said);
  if (error.code === "not_found") {
    const message = `The namespace ${namespace} does not exist: create it, or set another one in "namespace".`;
    return refusedOutcome({ kind: "config_error" }, message, said);
  }
  if (error.code === "forbidden") return outcomeOfForbidden(error);
  if (error.code === "unauthorized") {
    const message = `The API server does not accept the host's credentials: ${said}`;
    return refusedOutcome({ kind: "forbidden" }, message, said);
  }
  // A webhook and an admission policy choose their own status.
  if (error.code !== "server_error" && /(admission webhook|ValidatingAdmissionPolicy) .* denied/i.test(said))
    return outcomeOfForbidden(error);
  // A Job that was collected or replaced in between is another matter the next time; what is invalid stays so.
  const transient = error.code === "conflict" || error.code === "expired" || isTransient(error);
  return refusedOutcome({ kind: "create_failed", transient }, `The Job could not be created: ${said}`, said);
}

/** Missing rights, a quota and an admission plugin all answer 403; their words differ. */
function outcomeOfForbidden(error: KubeApiError): Outcome {
  const said = error.message;
  if (/exceeded quota|failed quota/i.test(said)) {
    return refusedOutcome({ kind: "quota_exceeded" }, `The namespace's quota is used up: ${said}`, said);
  }
  if (isDenial(error)) {
    return refusedOutcome({ kind: "forbidden" }, `The host has no right to do this: ${said}`, said);
  }
  return refusedOutcome(
    { kind: "admission_denied" },
    `The cluster's admission rules refuse the Job: ${said}`,
    said,
  );
}
