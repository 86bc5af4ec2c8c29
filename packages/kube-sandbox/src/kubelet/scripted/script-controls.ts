import type { Timers } from "../../timers.ts";
import type { Gate } from "../gate.ts";
import { refreshConditions, setEvicted, statusOf } from "../pod-status.ts";
import type { PodActor } from "./pod-actor.ts";
import type { PodControls } from "./pod-script.ts";

/** Resolves after `ms`, or at once when `signal` is aborted. */
function waitFor(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = timers.after(ms, done);
    signal.addEventListener("abort", done);
  });
}

/** The controls that a script gets. */
export function createScriptControls(
  actor: PodActor,
  timers: Timers,
  signal: AbortSignal,
  ignoreTermination: () => void,
  node: Gate,
): PodControls {
  const { reporter, setAll } = actor;
  const act = reporter.edit;
  const controls: PodControls = {
    get pod() {
      return reporter.current();
    },
    signal,
    ignoreTermination,
    wait: (ms) => waitFor(timers, ms, signal),
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
    terminate: (termination = {}) => actor.terminate(termination),
    oomKill: (container) =>
      actor.terminate({
        exitCode: 137,
        reason: "OOMKilled",
        ...(container === undefined ? {} : { container }),
      }),
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
      controls.event("Evicted", message, "Warning");
      setAll((_, __, now) => ({
        terminated: { exitCode: 137, reason: "Error", startedAt: now, finishedAt: now },
      }));
      act((draft, now) => setEvicted(draft, message, now));
      reporter.whenHeard(actor.finish);
    },
    loseNode() {
      node.shut();
      return { recover: node.open };
    },
    log: (text, container) =>
      actor
        .logOf(container ?? reporter.current()?.spec.containers[0]?.name ?? "")
        .append(Buffer.from(text), "stdout"),
    event: (reason, message, type) => reporter.event(reason, message, type === "Warning" ? { type } : {}),
  };
  return controls;
}
