import type { V1Job } from "@kubernetes/client-node";
import type { KubeApi } from "../api/kube-api.ts";
import { isKubeApiError } from "../api/kube-api-error.ts";
import { retrying } from "../api/retrying.ts";
import type { Clock } from "../clock.ts";
import { hostAnnotation, hostOf } from "../host-presence.ts";

/**
 * Takes a Job over that no live host follows: its annotation names this host from now on. Of two hosts that
 * try at once only one succeeds, since the patch names the version that was seen.
 *
 * @returns the Job as it is now; null where another host was faster, or the Job has gone
 * @throws KubeApiError where the API server does not answer
 */
export async function claim(
  effects: { readonly api: KubeApi; readonly clock: Clock; readonly random: () => number },
  options: { job: V1Job; hostId: string; labelDomain: string },
): Promise<V1Job | null> {
  const { api } = effects;
  const { hostId, labelDomain } = options;
  const name = options.job.metadata?.name ?? "";
  const uid = options.job.metadata?.uid;
  let job = options.job;
  const former = hostOf(job, labelDomain);
  for (;;) {
    const { resourceVersion } = job.metadata ?? {};
    const annotations = { [hostAnnotation(labelDomain)]: hostId };
    try {
      return await retrying(effects, () =>
        api.patchJob(name, { metadata: { uid, resourceVersion, annotations } }),
      );
    } catch (error) {
      if (isKubeApiError(error, "not_found")) return null;
      if (!isKubeApiError(error, "conflict")) throw error;
    }
    // Its status changes as it works: only another host in the annotation, or another Job, is a reason to yield.
    const now = await retrying(effects, () => api.readJob(name)).catch((error: unknown) => {
      if (isKubeApiError(error, "not_found")) return null;
      throw error;
    });
    if (now === null || now.metadata?.uid !== uid) return null;
    if (hostOf(now, labelDomain) === hostId) return now;
    if (hostOf(now, labelDomain) !== former) return null;
    job = now;
  }
}
