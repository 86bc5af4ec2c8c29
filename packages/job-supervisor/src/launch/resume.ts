import type { V1Job } from "@kubernetes/client-node";
import { resumePatch } from "@paperclip-k8s/job-manifest";
import type { KubeApi } from "../api/kube-api.ts";
import { retrying } from "../api/retrying.ts";
import type { Clock } from "../clock.ts";
import { hostAnnotation } from "../host-presence.ts";
import type { LaunchRequest } from "../supervisor-options.ts";

/**
 * Lets the run's Job go, and writes down who follows it. Not with the caller's signal: a patch that was given
 * up may have been applied all the same, so a run that is cancelled meanwhile is ended as one that runs.
 */
export function resume(
  effects: { readonly api: KubeApi; readonly clock: Clock; readonly random: () => number },
  options: { spec: LaunchRequest["spec"]; own: V1Job; hostId: string },
): Promise<V1Job> {
  const { spec, own, hostId } = options;
  const patch: object & { metadata?: object } = resumePatch(spec);
  // Names come back as other objects: with the UID in the patch the server refuses any other (409).
  const metadata = {
    ...patch.metadata,
    uid: own.metadata?.uid,
    annotations: { [hostAnnotation(spec.naming.labelDomain)]: hostId },
  };
  return retrying(effects, () => effects.api.patchJob(own.metadata?.name ?? "", { ...patch, metadata }));
}
