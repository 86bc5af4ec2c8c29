import { PatchStrategy, setHeaderOptions, type V1Job } from "@kubernetes/client-node";
import { type AgentRunSpec, buildJob, buildSecret, resumePatch } from "@paperclip-k8s/job-manifest";
import { deleted } from "../cluster/clients.ts";
import type { TestNamespace } from "../namespace/open-namespace.ts";
import { type PodRun, podRunOf } from "./pod-run.ts";
import { type FileOwner, makeRunFiles } from "./run-files.ts";

/** One run at the level of pod, files and manifest: no supervisor looks after it. */
export interface StartPodRunOptions {
  readonly namespace: TestNamespace;
  readonly spec: AgentRunSpec;
  /** Whose the run's files are. Default: the pod's user. */
  readonly owner?: FileOwner;
  /** What a webhook of the cluster would change: sidecars, init containers. Default: nothing. */
  readonly inject?: (job: V1Job) => V1Job;
  /** Awaited when all files are there and no pod is yet. Default: nothing. */
  readonly beforeResume?: () => Promise<void>;
}

/**
 * Job, Secret, files, resume: in the order of the pod protocol.
 *
 * Throws what the builder refuses before anything is created, and removes the Job if a later step fails.
 */
export async function startPodRun(options: StartPodRunOptions): Promise<PodRun> {
  const { namespace, spec, owner = spec.user, inject = (job) => job } = options;
  const { batch, core } = namespace.clients;
  const strictly = { namespace: namespace.name, fieldValidation: "Strict" };
  const created = await batch.createNamespacedJob({ ...strictly, body: inject(buildJob(spec)) });
  const at = { namespace: namespace.name, name: created.metadata?.name ?? "" };
  const remove = () => deleted(batch.deleteNamespacedJob({ ...at, propagationPolicy: "Background" }));
  const asMergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  const patch = (body: object) => batch.patchNamespacedJob({ ...at, body }, asMergePatch);
  try {
    const secret = buildSecret(spec, { jobName: at.name, jobUid: created.metadata?.uid ?? "" });
    await core.createNamespacedSecret({ ...strictly, body: secret });
    const files = await makeRunFiles({ spec, volumeFolder: namespace.volumeFolder, owner });
    await options.beforeResume?.();
    const job = await patch(resumePatch(spec));
    return podRunOf({ namespace, spec, job, files, patch, remove });
  } catch (error) {
    await remove();
    throw error;
  }
}
