import type { V1Job } from "@kubernetes/client-node";
import { resumePatch } from "@paperclip-k8s/job-manifest";
import { isTransient } from "../api/kube-api-error.ts";
import { retrying } from "../api/retrying.ts";
import type { LaunchRequest } from "../supervisor-options.ts";
import type { LaunchEffects, LaunchStep } from "./launch.ts";
import { outcomeOfCreateError, refusedOutcome } from "./refusal.ts";

/**
 * Makes the run's files and lets its Job go. Not with the caller's signal: a patch that was given up may have
 * been applied all the same, so a run that is cancelled meanwhile is ended as one that runs.
 */
export async function resume(
  effects: LaunchEffects,
  request: LaunchRequest,
  own: V1Job,
): Promise<LaunchStep> {
  const { files } = request;
  try {
    // Only now: until the guard has let this run pass, a Job of the same name may have been at work in them.
    await files.prepare();
  } catch (error) {
    await files.remove().catch(() => {});
    const said = error instanceof Error ? error.message : String(error);
    const message = `The run directory cannot be made: ${said}`;
    return {
      kind: "refused",
      outcome: refusedOutcome({ kind: "start_failed", failure: "run_directory" }, message),
    };
  }
  try {
    const patch = withUid(resumePatch(request.spec), own);
    const job = await retrying(effects, () => effects.api.patchJob(own.metadata?.name ?? "", patch));
    return { kind: "resumed", job };
  } catch (error) {
    const outcome = outcomeOfCreateError(error, effects.namespace);
    // No answer is not a no: the pod may be at work by now, and its files stay.
    if (isTransient(error)) return { kind: "refused", outcome: { ...outcome, writer: "not_confirmed" } };
    await files.remove().catch(() => {});
    return { kind: "refused", outcome };
  }
}

/** Names come back as other objects: with the UID in the patch the server refuses any other (409). */
function withUid(patch: object, own: V1Job): object {
  const metadata = (patch as { metadata?: object }).metadata ?? {};
  return { ...patch, metadata: { ...metadata, uid: own.metadata?.uid } };
}
