import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { KubeApi } from "../api/kube-api.ts";
import { retrying } from "../api/retrying.ts";
import type { Clock } from "../clock.ts";
import type { HostPresence } from "../host-presence.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { RunFiles, RunFilesOf } from "../run-files.ts";
import type { LaunchRequest } from "../supervisor-options.ts";
import {
  LAUNCH,
  type LaunchEffect,
  type LaunchHappening,
  type LaunchRow,
  type LaunchState,
  rowFor,
} from "../way-of-a-run.ts";
import { LAUNCH_STEPS, type LaunchStateStep } from "./launch-steps.ts";
import { refusedOutcome } from "./refusal.ts";

/** What one try to launch came to. */
export type LaunchStep =
  | { readonly kind: "resumed"; readonly job: V1Job }
  /** A Job that an earlier host left, this very run's or one that does the same work; it is this host's now. */
  | { readonly kind: "orphan"; readonly job: V1Job }
  | {
      readonly kind: "busy";
      readonly blockers: readonly V1Job[];
      /** The blocker is this very run, which somebody else follows. */
      readonly isSameRun: boolean;
    }
  | { readonly kind: "refused"; readonly outcome: Outcome };

export interface LaunchEffects {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly random: () => number;
  readonly namespace: string;
  /** This host's name in the annotations of the Jobs that it follows. */
  readonly hostId: string;
  readonly presence: HostPresence | undefined;
  readonly filesOf: (run: RunFilesOf) => RunFiles;
  /** The pods that the watch knows of. */
  readonly pods: () => Iterable<V1Pod>;
  /** Whether a run of this process follows the Job. */
  readonly isFollowed: (job: V1Job) => boolean;
  /** Resolves when one of these Jobs has ended or gone, or after `ms`. */
  readonly endOf: (options: {
    jobs: readonly V1Job[];
    ms: number;
    signal: AbortSignal | undefined;
  }) => Promise<void>;
}

/** What a try has found out so far. */
export interface LaunchKnowledge {
  /** When the oldest of several gives up to wait for the others, in ms since the epoch. */
  readonly stayUntil: number;
  /** The try's own Job; null until it is there. */
  readonly own: V1Job | null;
  readonly blockers: readonly V1Job[];
  /** This very run was seen to be followed, here or by another live host: its Job must not be made anew. */
  readonly isSameRun: boolean;
  /** Another Job that does, or has done, the run's work. */
  readonly found: V1Job | null;
  readonly outcome: Outcome | null;
}

/** What a state's step has seen happen, and learnt. */
export interface LaunchStepResult {
  readonly on: LaunchHappening;
  readonly knows?: Partial<LaunchKnowledge>;
}

/** A host that has not withdrawn by then has died: its Job is the sweep's, and this run waits as any other, in ms. */
const ALONE_WITHIN_MS = 60_000;

/**
 * One try, along the table LAUNCH. A step that is repeated after a crash finds what the first one made. On
 * every way but `resumed` the try's own Job is removed, and with it its Secret; one that has been resumed
 * before is never touched.
 */
export async function tryLaunch(
  effects: LaunchEffects,
  request: LaunchRequest,
  former: Pick<LaunchKnowledge, "isSameRun">,
): Promise<LaunchStep> {
  let knows: LaunchKnowledge = {
    stayUntil: effects.clock.now() + ALONE_WITHIN_MS,
    own: null,
    blockers: [],
    isSameRun: former.isSameRun,
    found: null,
    outcome: null,
  };
  let state: LaunchState = "creating";
  for (;;) {
    const step: LaunchStateStep | undefined = LAUNCH_STEPS[state];
    if (!step) return endOf(state, knows);
    const seen: LaunchStepResult = await step(effects, request, knows);
    knows = { ...knows, ...seen.knows };
    const row: LaunchRow | null = rowFor(LAUNCH, state, seen.on);
    if (row === null) throw new TypeError(`unreachable: ${seen.on} means nothing while ${state}`);
    for (const effect of row.does) await DOES[effect](effects, request, knows.own);
    state = row.then;
  }
}

function endOf(state: LaunchState, knows: LaunchKnowledge): LaunchStep {
  const { own, found, blockers, isSameRun, outcome } = knows;
  if (state === "resumed" && own) return { kind: "resumed", job: own };
  if (state === "orphan" && found) return { kind: "orphan", job: found };
  if (state === "busy") return { kind: "busy", blockers, isSameRun };
  const message = "The run was cancelled before its Job was resumed.";
  return { kind: "refused", outcome: outcome ?? refusedOutcome({ kind: "cancelled" }, message) };
}

const DOES: Readonly<
  Record<LaunchEffect, (effects: LaunchEffects, request: LaunchRequest, own: V1Job | null) => Promise<void>>
> = {
  withdraw: (effects, _request, own) => withdraw(effects, own, "Background"),
  withdraw_in_foreground: (effects, _request, own) => withdraw(effects, own, "Foreground"),
  remove_files: (_effects, { files }) => files.remove().catch(() => {}),
};

/** Removes the try's own Job; the collector takes its Secret. What cannot be removed now is the sweep's. */
async function withdraw(
  effects: LaunchEffects,
  own: V1Job | null,
  propagation: "Background" | "Foreground",
): Promise<void> {
  if (own === null) return;
  const preconditions = { uid: own.metadata?.uid };
  try {
    await retrying(effects, () =>
      effects.api.deleteJob(own.metadata?.name ?? "", { propagation, preconditions }),
    );
  } catch {
    // Gone already, or the API is away: suspended and never resumed, it costs nothing until the sweep.
  }
}
