import type { Store } from "../store/store.ts";
import type { Timers } from "../timers.ts";
import type { EventRecorder } from "./event-recorder.ts";

/** How long the parts of the cluster take, in ms. The order of what is seen does not depend on them. */
export interface Delays {
  /** From a pod's creation to its node. */
  readonly scheduleMs: number;
  /** From the node to the start of the containers. */
  readonly startMs: number;
  /** From a container's end to its terminated status. */
  readonly containerStatusMs: number;
  /** From the terminated status to the pod's phase. */
  readonly phaseMs: number;
  /** From a change of pods to the Job's status, and between its conditions. */
  readonly jobMs: number;
  /** From an owner's end to the end of what it owns. */
  readonly collectMs: number;
  /** Between two tries of what failed in a pod: a missing Secret, a volume, an image. */
  readonly retryMs: number;
  /** Before a failed pod of a Job is replaced for the first time; doubles each time. */
  readonly replaceMs: number;
}

/** Quick, but not all at once: something must be there to be seen in between. */
export const defaultDelays: Delays = {
  scheduleMs: 2,
  startMs: 5,
  containerStatusMs: 5,
  phaseMs: 20,
  jobMs: 10,
  collectMs: 5,
  retryMs: 1_000,
  replaceMs: 10_000,
};

/** What every controller works with. */
export interface ControllerContext {
  readonly store: Store;
  readonly timers: Timers;
  readonly delays: Delays;
  readonly events: EventRecorder;
}
