import type { V1Job } from "@kubernetes/client-node";
import { type AgentRunSpec, buildJob, buildSecret, sameRun } from "@paperclip-k8s/job-manifest";
import type { KubeApi } from "../api/kube-api.ts";
import { isKubeApiError, KubeApiError } from "../api/kube-api-error.ts";
import { retrying } from "../api/retrying.ts";
import { orphanAgeAnnotation } from "../cleanup/orphan-age.ts";
import type { Clock } from "../clock.ts";
import { hostAnnotation } from "../host-presence.ts";
import { isLive, isTerminating, isWaiting } from "./guard.ts";

export interface CreateOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly random: () => number;
  readonly spec: AgentRunSpec;
  /** Who makes the Job: written into it, so that no other live host goes on with it. */
  readonly hostId: string;
  /** How long the Job may live without a host, in ms. Default 24 hours. */
  readonly orphanMaxAgeMs?: number | undefined;
  /** Ends the repeating of requests, not a request: one that is given up may have been done all the same. */
  readonly signal: AbortSignal | undefined;
}

/** The run's Job as it is now. */
export type OwnJob =
  /** Suspended: made by this try, or by one that did not get further. */
  | { readonly standing: "suspended"; readonly job: V1Job }
  /** An earlier host has resumed it: it works, waits in a queue, or has ended. */
  | { readonly standing: "started"; readonly job: V1Job }
  /** Being deleted; its name is free again when it is gone. */
  | { readonly standing: "terminating"; readonly job: V1Job };

/**
 * Creates the run's Job, or finds it. The name is the run's: 409 is a create whose answer was lost, or a host
 * that died after it, where labels and annotations say so; else `KubeApiError` `already_exists`.
 */
export function createSuspended(options: CreateOptions): Promise<OwnJob> {
  const { api, spec } = options;
  const job = withOwnWords(buildJob(spec), options);
  const name = job.metadata?.name ?? "";
  return retrying(options, async () => {
    for (;;) {
      try {
        return { standing: "suspended", job: await api.createJob(job) };
      } catch (error) {
        if (!isKubeApiError(error, "already_exists")) throw error;
      }
      const existing = await readIfThere(api, name);
      // It went between the two questions: its name is free again.
      if (existing === null) continue;
      if (sameRun(existing, spec)) return { standing: standingOf(existing), job: existing };
      throw new KubeApiError({
        code: "already_exists",
        status: 409,
        message: `A Job named ${name} exists and is not this run's: delete it if nothing needs it.`,
      });
    }
  });
}

async function readIfThere(api: KubeApi, name: string): Promise<V1Job | null> {
  try {
    return await api.readJob(name);
  } catch (error) {
    if (isKubeApiError(error, "not_found")) return null;
    throw error;
  }
}

/** What later hosts have to know of the Job: who follows it, and for how long it may live when nobody does. */
function withOwnWords(job: V1Job, { spec, hostId, orphanMaxAgeMs }: CreateOptions): V1Job {
  const { labelDomain } = spec.naming;
  const annotations = {
    ...job.metadata?.annotations,
    [hostAnnotation(labelDomain)]: hostId,
    ...orphanAgeAnnotation(labelDomain, orphanMaxAgeMs),
  };
  return { ...job, metadata: { ...job.metadata, annotations } };
}

function standingOf(job: V1Job): OwnJob["standing"] {
  if (isTerminating(job)) return "terminating";
  return isLive(job) && isWaiting(job) ? "suspended" : "started";
}

/**
 * Creates the Secret that a suspended Job owns. One of that name may be a former Job's, which the garbage
 * collector takes at any moment: it is replaced. Nothing can be using it, since no pod of this Job has started.
 */
export async function attachSecret(options: CreateOptions, job: V1Job): Promise<void> {
  const { api, spec } = options;
  const name = job.metadata?.name ?? "";
  const secret = buildSecret(spec, { jobName: name, jobUid: job.metadata?.uid ?? "" });
  await retrying(options, async () => {
    try {
      await api.createSecret(secret);
    } catch (error) {
      if (!isKubeApiError(error, "already_exists")) throw error;
      await api.deleteSecret(name).catch((failure) => {
        if (!isKubeApiError(failure, "not_found")) throw failure;
      });
      await api.createSecret(secret);
    }
  });
}
