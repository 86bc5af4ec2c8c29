// What a run that this process follows shows to its caller, and what the watches tell it.
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { JobRun } from "@paperclip-k8s/job-manifest";
import type { Outcome, RunPhase } from "./outcome/outcome.ts";
import type { RunFiles } from "./run-files.ts";

/** Where a run stands, for whoever shows it. */
export interface RunProgress {
  readonly phase: RunPhase;
  readonly detail: string | null;
  readonly podName: string | null;
}

/** What is known of a run's life without asking anybody. */
export interface Liveness {
  readonly state: "alive" | "terminal" | "gone" | "unknown";
  /** When the API server or the run directory last confirmed it, in ms since the epoch; null: never. */
  readonly verifiedAt: number | null;
}

/** A Job that this process follows to its end. */
export interface SupervisedRun {
  readonly jobName: string;
  readonly run: JobRun;
  readonly files: RunFiles;
  /** The one outcome. Where the pod had to be ended, it comes when its death is confirmed, or its bound has passed. */
  readonly outcome: Promise<Outcome>;
  /** Calls `listener` with the present state and after each change; returns its removal. */
  onProgress(listener: (progress: RunProgress) => void): () => void;
  liveness(): Liveness;
  /** Ends the agent through its grace period; the outcome is then `cancelled`, unless the run had ended before. */
  cancel(message: string): Promise<Outcome>;
  /**
   * Removes the Job, with it its Secret, and the run's files. Resolves after at most `patienceMs`; what the API
   * does not take now goes on behind it. Files of a writer whose death is not confirmed stay. Nothing is removed
   * of a Job that another host has taken over.
   */
  cleanUp(options: { retainJob: boolean; patienceMs: number }): Promise<void>;
}

/** The supervised run with the side that the supervisor feeds. */
export interface FedRun extends SupervisedRun {
  /** When this process took the Job up, in ms since the epoch. */
  readonly followedSince: number;
  readonly uid: string;
  /** All that is known of a Job that has just been taken up, at once: half of it would be misread. */
  catchUp(known: { readonly job: V1Job | undefined; readonly pods: readonly V1Pod[] }): void;
  jobChanged(job: V1Job): void;
  jobRemoved(): void;
  podChanged(pod: V1Pod): void;
  podRemoved(pod: V1Pod): void;
  /** The watches broke or work again, or time has come to look. */
  reconsider(): void;
}
