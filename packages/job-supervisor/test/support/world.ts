import { KubeConfig } from "@kubernetes/client-node";
import type { AgentRunSpec, JobRun } from "@paperclip-k8s/job-manifest";
import {
  type AuditedRequest,
  type KubeSandbox,
  type KubeSandboxOptions,
  type PodControls,
  startKubeSandbox,
} from "@paperclip-k8s/kube-sandbox";
import {
  createJobSupervisor,
  createKubeApi,
  createKubeTransport,
  type JobSupervisor,
  type KubeApi,
  type LaunchRequest,
  type LaunchResult,
  type SupervisedRun,
  type SupervisorOptions,
} from "../../src/index.ts";
import { bounds, record } from "./facts.ts";
import { type FakeClock, fakeClock, until } from "./fake-clock.ts";
import { type VolumeFiles, volume } from "./volume.ts";

export const NAMESPACE = "agents";
const AGENT = "a9e17000-1111-4222-8333-444455556666";

export interface Host {
  readonly name: string;
  readonly clock: FakeClock;
  readonly supervisor: JobSupervisor;
  launch(changes?: RunChanges): Promise<LaunchResult>;
  /** Launches, and fails where the run is refused. */
  run(changes?: RunChanges): Promise<SupervisedRun>;
  /** This host's requests, watches and their lists left out. */
  requests(): readonly string[];
}

/** What tests vary about a run. */
export type RunChanges = Partial<Omit<LaunchRequest, "spec" | "files">> & {
  readonly runId?: string;
  readonly identity?: Partial<AgentRunSpec["identity"]>;
  readonly spec?: Partial<AgentRunSpec>;
};

/** How the pod of a run behaves; by default its agent works until it is told to end. */
export interface Agent {
  /** The agent CLI ends with this status; the record comes first, as in the real script. */
  end(status: number): void;
  /** Whether SIGTERM ends it. */
  obeys: boolean;
  /** What its pod does instead of working until it ends; null: that. */
  plays: ((controls: PodControls, files: VolumeFiles, podUid: string) => void | Promise<void>) | null;
  controls: PodControls | null;
}

export interface World extends AsyncDisposable {
  readonly sandbox: KubeSandbox;
  readonly api: KubeApi;
  host(
    name?: string,
    options?: { clock?: FakeClock } & Pick<SupervisorOptions, "sweepFiles" | "presence">,
  ): Host;
  agent(runId: string): Agent;
  files(runId: string): VolumeFiles;
  /** Jobs and Secrets that are there. */
  left(): Promise<{ jobs: string[]; secrets: string[] }>;
  /** Waits until the collector has done its work too. */
  nothingLeft(): Promise<void>;
}

/** A cluster in this process, hosts, and a volume that they share with the pods. */
export async function world(options: Partial<KubeSandboxOptions> = {}): Promise<World> {
  const sandbox = await startKubeSandbox({
    namespaces: [NAMESPACE],
    claims: [{ namespace: NAMESPACE, name: "shared" }],
    ...options,
  });
  const shared = volume();
  const agents = new Map<string, Agent>();
  const closing: (() => void)[] = [];
  const agent = (runId: string) => {
    const known = agents.get(runId) ?? newAgent();
    agents.set(runId, known);
    return known;
  };
  sandbox.pods.script({ namespace: NAMESPACE }, async (pod, controls) => {
    const runId = pod.metadata.labels?.["example.com/run-id"] ?? "";
    await play(agent(runId) as PlayedAgent, shared.of(runId), controls, pod.metadata.uid);
  });
  const transportOf = (userAgent: string) => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(sandbox.kubeconfig);
    return createKubeTransport({ kubeConfig, userAgent });
  };
  const api = createKubeApi({ transport: transportOf("test"), namespace: NAMESPACE });
  const list = async (resource: string, group = "/api/v1") => {
    const path = `${group}/namespaces/${NAMESPACE}/${resource}`;
    const { items } = await transportOf("test").json<{ items: { metadata: { name: string } }[] }>({
      method: "GET",
      path,
    });
    return items.map(({ metadata }) => metadata.name);
  };

  const left = async () => ({ jobs: await list("jobs", "/apis/batch/v1"), secrets: await list("secrets") });

  return {
    sandbox,
    api,
    agent,
    files: (runId) => shared.of(runId),
    left,
    nothingLeft: () =>
      until("an empty cluster", async () => {
        const { jobs, secrets } = await left();
        return jobs.length + secrets.length === 0;
      }),
    host: (name = "host-1", { sweepFiles, presence, clock = fakeClock() } = {}) => {
      const filesOf = (
        run: Pick<JobRun, "runDirectory"> & { identity: { runId: string; attempt: number } },
      ) => shared.of(run.identity.runId, run.identity.attempt);
      const supervisor = createJobSupervisor({
        transport: transportOf(name),
        namespace: NAMESPACE,
        ...NAMING,
        filesOf,
        clock,
        sweepFiles,
        presence,
        random: () => 0.5,
      });
      closing.push(() => supervisor.close());
      const launch = (changes: RunChanges = {}) => {
        const request = requestOf(changes);
        return supervisor.launch({
          ...request,
          files: shared.of(request.spec.identity.runId, request.spec.identity.attempt),
        });
      };
      const run = async (changes?: RunChanges) => {
        const result = await launch(changes);
        if (result.kind === "refused")
          throw new Error(`refused: ${result.outcome.kind}: ${result.outcome.message}`);
        return result.run;
      };
      return { name, clock, supervisor, launch, run, requests: () => requestsOf(sandbox.requests, name) };
    },
    [Symbol.asyncDispose]: async () => {
      for (const close of closing) close();
      await sandbox.close();
    },
  };
}

export const NAMING = {
  jobPrefix: "ex-",
  labelDomain: "example.com",
  managedBy: "example",
  instanceId: "0123456789",
};

/** The runs' own requests; the two watches with their lists are the process's. */
function requestsOf(all: readonly AuditedRequest[], userAgent: string): string[] {
  const own = all.filter((one) => one.userAgent === userAgent && one.verb !== "watch");
  const firstOfPods = own.findIndex(({ verb, resource }) => verb === "list" && resource === "pods");
  const firstOfJobs = own.findIndex(({ verb, resource }) => verb === "list" && resource === "jobs");
  return own
    .filter((_one, index) => index !== firstOfPods && index !== firstOfJobs)
    .map(({ verb, resource }) => `${verb} ${resource}`);
}

export function specOf(changes: RunChanges = {}): AgentRunSpec {
  const runId = changes.runId ?? "run-1";
  return {
    identity: {
      adapterType: "example_k8s",
      companyId: "company-1",
      agentId: AGENT,
      runId,
      taskId: "task-1",
      sessionId: null,
      attempt: 1,
      ...changes.identity,
    },
    naming: NAMING,
    namespace: NAMESPACE,
    image: "registry.example/agent:1",
    command: ["agent-cli"],
    workingDirectory: "/paperclip/work",
    prompt: "Say hello.",
    environment: { API_KEY: "sk-secret" },
    volume: { claimName: "shared", mountPath: "/paperclip" },
    runDirectory: "instances/default/run-logs/company-1/agent",
    user: { uid: 1000, gid: 1000 },
    bounds: { schedulingSec: 300, imagePullSec: 900, startSec: 120, timeoutSec: 0, graceSec: 30 },
    ttlSecondsAfterFinished: 300,
    ...changes.spec,
  };
}

function requestOf(changes: RunChanges): Omit<LaunchRequest, "files"> {
  const { runId: _runId, identity: _identity, spec: _spec, ...rest } = changes;
  return {
    spec: specOf(changes),
    concurrency: "agent",
    busyWaitMs: 300_000,
    reattach: true,
    retryOfRunId: null,
    bounds,
    ...rest,
  };
}

interface PlayedAgent extends Agent {
  readonly status: Promise<number>;
}

function newAgent(): PlayedAgent {
  const status = Promise.withResolvers<number>();
  return { status: status.promise, end: status.resolve, obeys: true, plays: null, controls: null };
}

/** What the script in a real pod does: mark, work, record, end. */
async function play(
  agent: PlayedAgent,
  files: VolumeFiles,
  controls: PodControls,
  podUid: string,
): Promise<void> {
  agent.controls = controls;
  if (agent.plays) {
    await agent.plays(controls, files, podUid);
    return;
  }
  controls.setRunning();
  files.mark();
  if (!agent.obeys) controls.ignoreTermination();
  const told = new Promise<number>((resolve) => {
    if (agent.obeys) controls.signal.addEventListener("abort", () => resolve(143), { once: true });
  });
  const status = await Promise.race([agent.status, told]);
  files.write(record({ podUid, status, signal: status === 143 ? "SIGTERM" : null, endedAt: Date.now() }));
  controls.terminate({ exitCode: status });
}
