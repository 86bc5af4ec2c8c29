// What a script does to its pod, as far as its node lets it be seen.
import type { ControllerContext } from "../../controllers/context.ts";
import type { ContainerState, Pod } from "../../resources/objects.ts";
import { type ContainerLog, createContainerLog } from "../container-log.ts";
import type { PodReporter } from "../pod-reporter.ts";
import { setContainerState, setEndPhase, statusOf } from "../pod-status.ts";
import type { Termination } from "./pod-script.ts";

/** The state of a container that is to change; undefined leaves it. */
export type NextState = (container: string, pod: Pod, now: string) => ContainerState | undefined;

/** Acts on one scripted pod. */
export interface PodActor {
  readonly reporter: PodReporter;
  /** Whether every container has ended. */
  readonly ended: boolean;
  /** Changes all containers that have not ended. */
  setAll(next: NextState): void;
  terminate(termination: Termination): void;
  /** Ends the pod, if all its containers have ended. */
  finish(): void;
  logOf(container: string): ContainerLog;
}

/** What an actor tells the kubelet. */
export interface ActorHooks {
  readonly keepLog: (container: string, log: ContainerLog) => void;
  readonly onEnd: () => void;
}

function terminatedState(
  { exitCode = 0, reason, message }: Termination,
  startedAt: string,
  now: string,
): ContainerState {
  const why = reason ?? (exitCode === 0 ? "Completed" : "Error");
  const said = message === undefined ? {} : { message };
  return { terminated: { exitCode, reason: why, ...said, startedAt, finishedAt: now } };
}

/** An actor for the pod of a reporter. */
export function createPodActor(
  context: ControllerContext,
  reporter: PodReporter,
  hooks: ActorHooks,
): PodActor {
  const { timers, delays } = context;
  const logs = new Map<string, ContainerLog>();
  let ended = false;
  const conclude = (): void => {
    reporter.edit((draft, now) => {
      const { phase } = draft.status;
      if (phase === "Running" || phase === "Pending") setEndPhase(draft, now);
    });
    reporter.removed();
  };
  const close = (): void => {
    ended = true;
    for (const log of logs.values()) log.close();
    hooks.onEnd();
    timers.after(delays.phaseMs, conclude);
  };
  const actor: PodActor = {
    reporter,
    get ended() {
      return ended;
    },
    setAll: (next) =>
      reporter.edit((draft, now) => {
        for (const { name } of draft.spec.containers) {
          const state =
            statusOf(draft, name)?.state.terminated === undefined ? next(name, draft, now) : undefined;
          if (state !== undefined) setContainerState(draft, name, state, now);
        }
      }),
    terminate(termination) {
      const { container, exitCode = 0 } = termination;
      const init = reporter.current()?.spec.initContainers ?? [];
      if (container !== undefined && init.some(({ name }) => name === container)) {
        reporter.edit((draft, now) =>
          setContainerState(draft, container, terminatedState(termination, now, now), now),
        );
        // The pod fails, and its containers are never started.
        if (exitCode !== 0) reporter.whenHeard(close);
        return;
      }
      actor.setAll((name, draft, now) => {
        if (termination.container !== undefined && termination.container !== name) return undefined;
        return terminatedState(termination, statusOf(draft, name)?.state.running?.startedAt ?? now, now);
      });
      reporter.whenHeard(actor.finish);
    },
    finish() {
      const statuses = reporter.current()?.status.containerStatuses ?? [];
      if (ended || statuses.some((status) => status.state.terminated === undefined)) return;
      close();
    },
    logOf(container) {
      const log = logs.get(container) ?? createContainerLog(() => timers.now());
      if (!logs.has(container)) hooks.keepLog(container, log);
      logs.set(container, log);
      return log;
    },
  };
  return actor;
}
