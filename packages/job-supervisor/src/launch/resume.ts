import type { V1Job } from "@kubernetes/client-node";
import { type ResumePatch, resumePatch } from "@paperclip-k8s/job-manifest";
import type { JsonPatchOperation, KubeApi } from "../api/kube-api.ts";
import { isKubeApiError } from "../api/kube-api-error.ts";
import { retrying } from "../api/retrying.ts";
import type { Clock } from "../clock.ts";
import { hostAnnotation, hostOf } from "../host-presence.ts";
import type { LaunchRequest } from "../supervisor-options.ts";

/**
 * Lets the run's Job go, if it is still this Job and still this host's: another host may have taken it for one
 * that a dead host had left. Not with the caller's signal: a patch that was given up may have been applied all
 * the same, so a run that is cancelled meanwhile is ended as one that runs.
 *
 * @returns the Job; null where another host has taken it, or it has gone
 * @throws KubeApiError
 */
export async function resume(
  effects: { readonly api: KubeApi; readonly clock: Clock; readonly random: () => number },
  options: { spec: LaunchRequest["spec"]; own: V1Job; hostId: string },
): Promise<V1Job | null> {
  const { api } = effects;
  const { spec, own, hostId } = options;
  const { name = "", uid } = own.metadata ?? {};
  const { labelDomain } = spec.naming;
  const operations: JsonPatchOperation[] = [
    // Names come back as other objects.
    { op: "test", path: "/metadata/uid", value: uid },
    { op: "test", path: `/metadata/annotations/${escaped(hostAnnotation(labelDomain))}`, value: hostId },
    ...operationsOf(resumePatch(spec)),
  ];
  try {
    return await retrying(effects, () => api.patchJobIf(name, operations));
  } catch (error) {
    if (isKubeApiError(error, "not_found")) return null;
    if (!isKubeApiError(error, "invalid")) throw error;
    const now = await retrying(effects, () => api.readJob(name)).catch((failure: unknown) => {
      if (isKubeApiError(failure, "not_found")) return null;
      throw failure;
    });
    // A test has failed, or the Job is one that the API server will not let go.
    if (now?.metadata?.uid === uid && now && hostOf(now, labelDomain) === hostId) throw error;
    return null;
  }
}

function operationsOf(patch: ResumePatch): JsonPatchOperation[] {
  if ("spec" in patch) return [{ op: "add", path: "/spec/suspend", value: patch.spec.suspend }];
  return Object.entries(patch.metadata.labels).map(([label, value]) => ({
    op: "add",
    path: `/metadata/labels/${escaped(label)}`,
    value,
  }));
}

/** A name as a part of a JSON pointer. */
function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
