import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { CONTAINER_NAME, labelValue, type RunIdentity } from "@paperclip-k8s/job-manifest";
import type { Concurrency } from "./guard.ts";

/**
 * Pods of a run's key that may work though their Job has gone: somebody deleted it in the background, as
 * `kubectl delete job` does, and its pod has its grace period. Told by the watch that is there anyway, so that
 * it costs nothing; each stands for the Job that it belonged to.
 */
export function strayPods(options: {
  pods: Iterable<V1Pod>;
  identity: RunIdentity;
  concurrency: Concurrency;
  labelDomain: string;
  /** Jobs that are known to be there, live or finished, speak for their own pods. */
  listed: readonly V1Job[];
}): readonly V1Job[] {
  const { pods, identity, concurrency, labelDomain, listed } = options;
  if (concurrency === "unlimited") return [];
  const wanted = {
    [`${labelDomain}/company-id`]: labelValue(identity.companyId),
    [`${labelDomain}/agent-id`]: labelValue(identity.agentId),
    ...(concurrency === "task" && identity.taskId
      ? { [`${labelDomain}/task-id`]: labelValue(identity.taskId) }
      : {}),
  };
  const known = new Set(listed.map((job) => job.metadata?.uid));
  return [...pods]
    .filter((pod) =>
      Object.entries(wanted).every(([label, value]) => pod.metadata?.labels?.[label] === value),
    )
    .filter((pod) => mayWork(pod) && !known.has(jobOf(pod)))
    .map((pod) => ({ metadata: { name: pod.metadata?.name, uid: jobOf(pod) } }));
}

/** Whether something in the pod may still write, as far as the watch has told. */
export function mayWork({ status }: V1Pod): boolean {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return false;
  return (
    status?.containerStatuses?.find(({ name }) => name === CONTAINER_NAME)?.state?.terminated === undefined
  );
}

/** The UID of the Job that a pod belongs to; empty where there is none. */
export function jobOf(pod: V1Pod): string {
  return pod.metadata?.ownerReferences?.find((owner) => owner.controller)?.uid ?? "";
}
