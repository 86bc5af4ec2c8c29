import type { ControllerContext } from "../../controllers/context.ts";
import type { ContainerState, Pod } from "../../resources/objects.ts";
import { type ContainerLog, createContainerLog } from "../container-log.ts";
import { createPodReporter } from "../pod-reporter.ts";
import { refreshConditions, setContainerState, statusOf } from "../pod-status.ts";
import type { PodWorker } from "../pod-worker.ts";
import type { PodControls, PodScript, Termination } from "./pod-script.ts";

/** Plays a pod that was given to this node: no process, no folder, only what the script says. */
export function runScriptedPod(
  context: ControllerContext,
  pod: Pod,
  script: PodScript,
  hooks: { readonly keepLog: (container: string, log: ContainerLog) => void; readonly onEnd: () => void },
): PodWorker {
  const { timers, delays } = context;
  const reporter = createPodReporter(context, pod);
  const deletion = new AbortController();
  const logs = new Map<string, ContainerLog>();
  let ignores = false;
  let lost = false;
  let ended = false;
  let unseen: (() => void)[] = [];

  /** What a lost node does is seen when it is back. */
  const act = (edit: (draft: Pod, now: string) => void): void => {
    if (lost) unseen.push(() => reporter.edit(edit));
    else reporter.edit(edit);
  };
  const setAll = (state: (container: string, draft: Pod, now: string) => ContainerState | undefined): void =>
    act((draft, now) => {
      for (const { name } of draft.spec.containers) {
        const next =
          statusOf(draft, name)?.state.terminated === undefined ? state(name, draft, now) : undefined;
        if (next !== undefined) setContainerState(draft, name, next, now);
      }
    });

  const finish = (): void => {
    if (ended) return;
    const current = reporter.current();
    if (current?.status.containerStatuses?.some((status) => status.state.terminated === undefined) === true)
      return;
    ended = true;
    for (const log of logs.values()) log.close();
    hooks.onEnd();
    timers.after(delays.phaseMs, () => {
      if (reporter.current()?.status.phase === "Running" || reporter.current()?.status.phase === "Pending")
        reporter.finish();
      if (deletion.signal.aborted) reporter.removed();
    });
  };
  const whenSeen = (work: () => void): void => {
    if (lost) unseen.push(work);
    else work();
  };

  const terminate = ({ exitCode = 0, reason, message, container }: Termination = {}): void => {
    setAll((name, draft, now) => {
      if (container !== undefined && container !== name) return undefined;
      const startedAt = statusOf(draft, name)?.state.running?.startedAt ?? now;
      const why = reason ?? (exitCode === 0 ? "Completed" : "Error");
      return {
        terminated: {
          exitCode,
          reason: why,
          ...(message === undefined ? {} : { message }),
          startedAt,
          finishedAt: now,
        },
      };
    });
    whenSeen(finish);
  };

  const logOf = (container: string): ContainerLog => {
    const found = logs.get(container) ?? createContainerLog(() => timers.now());
    if (!logs.has(container)) hooks.keepLog(container, found);
    logs.set(container, found);
    return found;
  };

  const controls: PodControls = {
    get pod() {
      return reporter.current();
    },
    signal: deletion.signal,
    wait: (ms) =>
      new Promise((resolve) => {
        if (deletion.signal.aborted) return resolve();
        const done = (): void => {
          cancel();
          deletion.signal.removeEventListener("abort", done);
          resolve();
        };
        const cancel = timers.after(ms, done);
        deletion.signal.addEventListener("abort", done);
      }),
    setWaiting: (reason, message) =>
      setAll(() => ({ waiting: { reason, ...(message === undefined ? {} : { message }) } })),
    setRunning() {
      act((draft) => {
        draft.status.podIP ??= "127.0.0.1";
        draft.status.podIPs ??= [{ ip: "127.0.0.1" }];
      });
      setAll((name, draft, now) =>
        statusOf(draft, name)?.state.running === undefined ? { running: { startedAt: now } } : undefined,
      );
    },
    terminate,
    setPhase: (phase, reason, message) =>
      act((draft, now) => {
        draft.status.phase = phase;
        if (reason !== undefined) draft.status.reason = reason;
        if (message !== undefined) draft.status.message = message;
        refreshConditions(draft, now);
      }),
    addCondition: (condition) =>
      act((draft, now) => {
        const others = (draft.status.conditions ?? []).filter((one) => one.type !== condition.type);
        draft.status.conditions = [...others, { lastProbeTime: null, lastTransitionTime: now, ...condition }];
      }),
    evict(message) {
      controls.addCondition({
        type: "DisruptionTarget",
        status: "True",
        reason: "TerminationByKubelet",
        message,
      });
      controls.event("Evicted", message, "Warning");
      setAll((_, __, now) => ({
        terminated: { exitCode: 137, reason: "Error", startedAt: now, finishedAt: now },
      }));
      controls.setPhase("Failed", "Evicted", message);
      whenSeen(finish);
    },
    oomKill: (container) =>
      terminate({ exitCode: 137, reason: "OOMKilled", ...(container === undefined ? {} : { container }) }),
    loseNode() {
      lost = true;
      return {
        recover() {
          lost = false;
          const late = unseen;
          unseen = [];
          for (const work of late) work();
        },
      };
    },
    log: (text, container = pod.spec.containers[0]!.name) =>
      logOf(container).append(Buffer.from(text), "stdout"),
    event: (reason, message, type) => reporter.event(reason, message, type === "Warning" ? { type } : {}),
    ignoreTermination() {
      ignores = true;
    },
  };

  timers.after(delays.startMs, () => {
    if (ended) return;
    reporter.begin();
    Promise.resolve()
      .then(() => script(reporter.current() ?? pod, controls))
      .catch((error: unknown) => {
        logOf(pod.spec.containers[0]!.name).append(Buffer.from(`${String(error)}\n`), "stderr");
        terminate({ exitCode: 1 });
      });
  });

  return {
    stop(graceSec) {
      deletion.abort();
      const kill = (exitCode: number) => (): void => {
        if (!ended) terminate({ exitCode });
      };
      if (ended) return void timers.after(delays.phaseMs, () => whenSeen(() => reporter.removed()));
      // A script that waits wakes first, and may end the pod in its own way.
      timers.after(ignores ? graceSec * 1000 : delays.containerStatusMs, () =>
        whenSeen(kill(ignores ? 137 : 143)),
      );
    },
    async close() {
      deletion.abort();
    },
    kill() {},
  };
}
