import type { V1Job } from "@kubernetes/client-node";
import type { IsElsewhere } from "../host-presence.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { LaunchRequest } from "../supervisor-options.ts";
import type { EndedJobs, Watches } from "../watches.ts";
import { isWaiting } from "./guard.ts";
import { type LaunchEffects, type LaunchStep, tryLaunch } from "./launch.ts";
import { refusedOutcome } from "./refusal.ts";
import type { Turnstile } from "./turnstile.ts";

/** What waiting for a turn takes besides what a try takes. */
export interface WaitEffects extends LaunchEffects {
  readonly turn: Turnstile;
  readonly key: string | null;
  /** Jobs of the same key that runs of this process follow: they are live, and asking costs nothing. */
  readonly followedHere: () => { readonly blockers: readonly V1Job[]; readonly isSameRun: boolean };
  readonly elsewhere: (jobs: readonly V1Job[]) => Promise<IsElsewhere>;
}

export type Launched = Exclude<LaunchStep, { kind: "busy" }>;
type Turn<T> = { readonly kind: "launched"; readonly launched: T } | Extract<LaunchStep, { kind: "busy" }>;

/** How often a run that waits for a suspended Job tries again, in ms. */
const LOOK_AGAIN_MS = 45_000;
/** How often a run that waits for another host's Job looks whether that host is still alive, in ms. */
const HOST_LOOK_MS = 15_000;

/**
 * Tries again each time a Job that stood in the way has ended, until the run's patience is over. `follow` makes
 * a run of the Job within the turn, so that the next one of the key knows of it.
 */
export async function untilLaunched<T>(
  effects: WaitEffects,
  request: LaunchRequest,
  options: { watched: Watches; follow: (step: Launched) => T },
): Promise<T> {
  const { watched } = options;
  const giveUpAt = effects.clock.now() + request.busyWaitMs;
  let isSameRun = false;
  const follow = (step: Launched) => options.follow(isSameRun ? notForSureUndone(step) : step);
  for (;;) {
    // Noted before anybody is asked, so that a Job that ends right after the answer is not waited for.
    const noted = watched.noteEnds();
    try {
      const step: Turn<T> = await inTurn(effects, request, { follow, isSameRun });
      if (step.kind === "launched") return step.launched;
      isSameRun ||= step.isSameRun;
      if (effects.clock.now() >= giveUpAt)
        return follow(refuse({ kind: "blocked" }, blockedMessage(step.blockers, request.busyWaitMs)));
      request.onWaiting?.(step.blockers.map((job) => job.metadata?.name ?? ""));
      await wait(effects, request, { watched, noted, blockers: step.blockers, giveUpAt });
    } finally {
      noted.stop();
    }
  }
}

/** One try of a key at a time in this process: runs that know of each other need no guard to tell them. */
async function inTurn<T>(
  effects: WaitEffects,
  request: LaunchRequest,
  { follow, isSameRun }: { follow: (step: Launched) => T; isSameRun: boolean },
): Promise<Turn<T>> {
  const { signal } = request;
  const leave = await effects.turn.enter(effects.key, signal);
  try {
    if (leave === null || signal?.aborted) {
      const refused = refuse({ kind: "cancelled" }, "The run was cancelled before its Job was made.");
      return { kind: "launched", launched: follow(refused) };
    }
    const here = effects.followedHere();
    if (here.blockers.length > 0) return { kind: "busy", ...here };
    const step = await tryLaunch(effects, request, { isSameRun });
    return step.kind === "busy" ? step : { kind: "launched", launched: follow(step) };
  } finally {
    leave?.();
  }
}

/** Until one of the blockers ends, the patience is over, or nobody follows them any more. */
async function wait(
  effects: WaitEffects,
  request: LaunchRequest,
  seen: { watched: Watches; noted: EndedJobs; blockers: readonly V1Job[]; giveUpAt: number },
): Promise<void> {
  const { clock, elsewhere } = effects;
  const { watched, noted, blockers, giveUpAt } = seen;
  const { signal } = request;
  // A launch that a dead host left never ends: it is looked at again until it counts as abandoned.
  const againAt = blockers.some(isWaiting) ? clock.now() + LOOK_AGAIN_MS : Number.POSITIVE_INFINITY;
  for (;;) {
    const isElsewhere = await elsewhere(blockers);
    const theirs = blockers.filter(isElsewhere);
    const lookAt = theirs.length > 0 ? clock.now() + HOST_LOOK_MS : Number.POSITIVE_INFINITY;
    const until = Math.min(giveUpAt, againAt, lookAt);
    const ended = await watched.endOf({ jobs: blockers, ms: until - clock.now(), signal, noted });
    if (ended || clock.now() >= giveUpAt || clock.now() >= againAt || signal?.aborted) return;
    // A host that has died leaves orphans, which this run may take over.
    const stillElsewhere = await elsewhere(theirs);
    if (!theirs.every(stillElsewhere)) return;
  }
}

/** A run that was seen to be followed elsewhere may have worked there, whatever it is refused for here. */
function notForSureUndone(step: Launched): Launched {
  if (step.kind !== "refused" || step.outcome.writer !== "never_started") return step;
  return { ...step, outcome: { ...step.outcome, writer: "not_confirmed" } };
}

function refuse(...args: Parameters<typeof refusedOutcome>): { kind: "refused"; outcome: Outcome } {
  return { kind: "refused", outcome: refusedOutcome(...args) };
}

function blockedMessage(blockers: readonly V1Job[], waitedMs: number): string {
  const names = blockers.map((job) => job.metadata?.name).join(", ");
  return `Another run of this agent is live (Job ${names}) and did not end within ${waitedMs / 1000} s.`;
}
