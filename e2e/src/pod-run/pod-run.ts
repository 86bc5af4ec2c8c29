import { readFile, rm } from "node:fs/promises";
import type { V1ContainerStateTerminated, V1Job, V1Pod } from "@kubernetes/client-node";
import {
  type AgentRunSpec,
  type ExitRecord,
  parseExitRecord,
  type RunFiles,
} from "@paperclip-k8s/job-manifest";
import type { TestNamespace } from "../namespace/open-namespace.ts";
import { waitFor } from "../wait-for.ts";

/** How the agent's container ended, and what it left. */
export interface EndedPodRun {
  readonly pod: V1Pod;
  readonly container: V1ContainerStateTerminated;
  /** Null where there is no whole one. */
  readonly record: ExitRecord | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** What `kubectl logs` shows of the agent's container. */
  readonly log: string;
}

/** A run that has been let go. Disposal deletes the Job, waits until its pods are gone, and removes its files. */
export interface PodRun extends AsyncDisposable {
  readonly spec: AgentRunSpec;
  /** As the API server has it, resumed. */
  readonly job: V1Job;
  /** The run's files as this machine sees them. */
  readonly files: RunFiles;
  /** The first pod for which `test` holds. Throws `E2eError` `timed_out`, as all that waits here. */
  podWhere(test: (pod: V1Pod) => boolean, what: string): Promise<V1Pod>;
  /** Resolves when the stdout file holds `text`. */
  printed(text: string): Promise<void>;
  /** The whole record, as soon as it is there. */
  recorded(): Promise<ExitRecord>;
  /** How the agent's container ended. */
  ended(): Promise<EndedPodRun>;
  /** Resolves when no pod of the Job is there. */
  gone(): Promise<void>;
  /** Suspends the Job, or lets it go again. */
  suspend(suspend: boolean): Promise<void>;
  /** Deletes the Job in the background, as a cancel does: its pod gets SIGTERM. */
  delete(): Promise<void>;
}

/** What a run is made of. */
export interface PodRunParts extends Pick<PodRun, "spec" | "job" | "files"> {
  readonly namespace: TestNamespace;
  readonly patch: (body: object) => Promise<unknown>;
  readonly remove: () => Promise<void>;
}

const WITHIN_MS = 240_000;

/** The run of a Job that exists. */
export function podRunOf(parts: PodRunParts): PodRun {
  const { namespace, spec, job, files, patch, remove } = parts;
  const { core } = namespace.clients;
  const inNamespace = { namespace: namespace.name };
  const name = job.metadata?.name;
  const labelSelector = `batch.kubernetes.io/controller-uid=${job.metadata?.uid}`;
  const pods = async () => (await core.listNamespacedPod({ ...inNamespace, labelSelector })).items;
  const record = async () => parseExitRecord(await readFile(files.exit, "utf8"));
  const inTime = { withinMs: WITHIN_MS };
  const often = { ...inTime, everyMs: 50 };

  const podWhere: PodRun["podWhere"] = (test, what) =>
    waitFor(async () => (await pods()).find(test), { ...inTime, what });

  async function gone(): Promise<void> {
    await waitFor(async () => (await pods()).length === 0, { ...inTime, what: `the pods of ${name} to go` });
  }

  async function ended(): Promise<EndedPodRun> {
    const pod = await podWhere((one) => agentEnd(one) !== undefined, `the agent of ${name} to end`);
    const log = { ...inNamespace, name: pod.metadata?.name ?? "", container: "agent" };
    return {
      pod,
      container: agentEnd(pod)!,
      record: await record(),
      stdout: await readFile(files.stdout),
      stderr: await readFile(files.stderr, "utf8"),
      log: await core.readNamespacedPodLog(log),
    };
  }

  return {
    spec,
    job,
    files,
    podWhere,
    ended,
    gone,
    printed: async (text) => {
      const hasPrinted = async () => (await readFile(files.stdout)).includes(text);
      await waitFor(hasPrinted, { ...often, what: `${name} to print ${text}` });
    },
    recorded: () =>
      waitFor(async () => (await record()) ?? undefined, { ...often, what: `the record of ${name}` }),
    suspend: async (suspend) => {
      await patch({ spec: { suspend } });
    },
    delete: remove,
    [Symbol.asyncDispose]: async () => {
      await remove();
      await gone();
      await Promise.all(Object.values(files).map((path) => rm(path, { force: true })));
    },
  };
}

/** How the container of the agent ended; undefined while it has not. */
export function agentEnd(pod: V1Pod): V1ContainerStateTerminated | undefined {
  return agentStatus(pod)?.state?.terminated;
}

/** The status of the agent's container. */
export function agentStatus(pod: V1Pod) {
  return pod.status?.containerStatuses?.find(({ name }) => name === "agent");
}
