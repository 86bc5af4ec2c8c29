import { type ChildProcess, fork } from "node:child_process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { KubeConfig } from "@kubernetes/client-node";
import {
  createJobSupervisor,
  createKubeTransport,
  type JobSupervisor,
  type RunFiles,
  type SupervisedRun,
} from "../../src/index.ts";
import { bounds, record } from "../support/facts.ts";
import { NAMESPACE, NAMING, specOf } from "../support/world.ts";

export type ToSandbox =
  | { readonly kind: "end"; readonly runIds: readonly string[] }
  | { readonly kind: "requests"; readonly userAgent: string };

export type ToParent =
  | { readonly kind: "ready"; readonly kubeconfig: string }
  | { readonly kind: "started"; readonly runId: string }
  | { readonly kind: "record"; readonly runId: string; readonly podUid: string; readonly at: number }
  | { readonly kind: "requests"; readonly verbs: readonly string[] };

/** Many runs of one supervisor, with the cluster in another process. */
export interface LiveRuns extends AsyncDisposable {
  readonly supervisor: JobSupervisor;
  readonly ids: readonly string[];
  /** Launches all, `atOnce` at a time; resolves when each pod runs. */
  launch(atOnce: number): Promise<readonly SupervisedRun[]>;
  /** Tells these agents to end. */
  end(runIds: readonly string[]): void;
  /** From the record's writing to the outcome, and from its arrival in this process, in ms. */
  readonly latencies: { readonly total: number[]; readonly own: number[] };
  /** All requests of the supervisor, as "verb resource". */
  requests(): Promise<readonly string[]>;
}

const USER_AGENT = "load";

export async function liveRuns(count: number): Promise<LiveRuns> {
  const child = fork(new URL("sandbox-process.ts", import.meta.url), {
    execArgv: ["--conditions=@paperclip-k8s/source"],
  });
  const { kubeconfig } = await heard(child, "ready");
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(kubeconfig);
  const volume = new Map<string, MessageFiles>();
  const supervisor = createJobSupervisor({
    ...{ ...NAMING, namespace: NAMESPACE, filesOf: ({ identity }) => filesOf(volume, identity.runId) },
    transport: createKubeTransport({ kubeConfig, userAgent: USER_AGENT }),
  });
  const ids = Array.from({ length: count }, (_none, index) => `run-${index}`);
  const latencies: LiveRuns["latencies"] = { total: [], own: [] };
  const started = new Set<string>();
  const records = new Map<string, { readonly at: number; readonly arrivedAt: number }>();
  child.on("message", (message: ToParent) => {
    if (message.kind === "started") {
      started.add(message.runId);
      filesOf(volume, message.runId).tell({ started: true, record: null });
    }
    if (message.kind !== "record") return;
    records.set(message.runId, { at: message.at, arrivedAt: performance.now() });
    const { podUid, runId } = message;
    filesOf(volume, runId).tell({ started: true, record: record({ podUid, endedAt: message.at }) });
  });

  async function launchOne(runId: string): Promise<SupervisedRun> {
    const spec = specOf({ runId, identity: { agentId: `agent-${runId}` } });
    const result = await supervisor.launch({
      ...{ spec, files: filesOf(volume, runId), concurrency: "agent", busyWaitMs: 0, reattach: true },
      ...{ retryOfRunId: null, bounds },
    });
    if (result.kind === "refused") throw new Error(result.outcome.message);
    void result.run.outcome.then(() => {
      const told = records.get(runId);
      if (!told) return;
      latencies.own.push(performance.now() - told.arrivedAt);
      latencies.total.push(Date.now() - told.at);
    });
    return result.run;
  }

  return {
    ...{ supervisor, ids, latencies },
    launch: async (atOnce) => {
      const queue = [...ids];
      const runs: SupervisedRun[] = [];
      const worker = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift())
          runs.push(await launchOne(next));
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      while (started.size < count) await new Promise((resolve) => setTimeout(resolve, 50));
      return runs;
    },
    end: (runIds) => void child.send({ kind: "end", runIds } satisfies ToSandbox),
    requests: async () => {
      const answer = heard(child, "requests");
      child.send({ kind: "requests", userAgent: USER_AGENT } satisfies ToSandbox);
      return (await answer).verbs;
    },
    [Symbol.asyncDispose]: async () => {
      supervisor.close();
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      await gone;
    },
  };
}

/** The heap that is in use after a full collection, in bytes. */
export function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

function heard<K extends ToParent["kind"]>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<ToParent, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const listener = (message: ToParent) => {
      if (message.kind !== kind) return;
      child.off("message", listener);
      resolve(message as Extract<ToParent, { kind: K }>);
    };
    child.on("message", listener);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
}

interface MessageFiles extends RunFiles {
  tell(seen: Parameters<Parameters<RunFiles["observe"]>[0]>[0]): void;
}

/** Run files that are told of by messages instead of looked for on a volume. */
function filesOf(volume: Map<string, MessageFiles>, runId: string): MessageFiles {
  const known = volume.get(runId);
  if (known) return known;
  let seen: Parameters<MessageFiles["tell"]>[0] = { started: false, record: null };
  let listener: (seen: Parameters<MessageFiles["tell"]>[0]) => void = () => {};
  const files: MessageFiles = {
    prepare: async () => {},
    look: async () => seen,
    remove: async () => void volume.delete(runId),
    observe: (told, signal) => {
      listener = told;
      // What is there already is seen with the first look.
      if (seen.started) setImmediate(() => !signal.aborted && told(seen));
      signal.addEventListener("abort", () => {
        listener = () => {};
      });
    },
    tell: (now) => {
      seen = now;
      listener(now);
    },
  };
  volume.set(runId, files);
  return files;
}
