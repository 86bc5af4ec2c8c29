import type { AgentRunSpec, JobRun } from "@paperclip-k8s/job-manifest";
import type { KubeTransport } from "./api/kube-transport.ts";
import type { Clock } from "./clock.ts";
import type { SupervisedRun } from "./followed-run.ts";
import type { HostPresence } from "./host-presence.ts";
import type { Concurrency } from "./launch/guard.ts";
import type { Outcome, PhaseBounds } from "./outcome/outcome.ts";
import type { RunFiles, RunFilesOf } from "./run-files.ts";

export interface SupervisorOptions {
  readonly transport: KubeTransport;
  readonly namespace: string;
  /** Domain of the labels and annotations: "paperclip.io". */
  readonly labelDomain: string;
  /** Value of `app.kubernetes.io/managed-by`. */
  readonly managedBy: string;
  /** The instance that this supervisor watches and sweeps. */
  readonly instanceId: string;
  /** The files of a run that an earlier host launched. */
  readonly filesOf: (run: RunFilesOf) => RunFiles;
  /** Told after each sweep whose Jobs are there: run files of no Job are nobody's else to remove. Default: nothing. */
  readonly sweepFiles?: (known: readonly JobRun[]) => Promise<void>;
  /**
   * Tells which other hosts of the instance are alive: their Jobs are neither taken over nor ended for their
   * age. Default: none is known, and every live Job that this process does not follow is an orphan.
   */
  readonly presence?: HostPresence;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** In [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/** A run to launch. */
export interface LaunchRequest {
  readonly spec: AgentRunSpec;
  /** The files of this attempt. */
  readonly files: RunFiles;
  readonly concurrency: Concurrency;
  /** How long the run may wait for another live Job of its key, in ms; 0 fails at once. */
  readonly busyWaitMs: number;
  /** Take over a live Job of the same work that nobody here follows. */
  readonly reattach: boolean;
  /** The run that this one retries, where the host says so. */
  readonly retryOfRunId: string | null;
  readonly bounds: PhaseBounds;
  /** The Job is ended at this age, in ms, where no host follows it any more. Default 24 hours. */
  readonly orphanMaxAgeMs?: number;
  /** Withdraws the launch: nothing stays behind. */
  readonly signal?: AbortSignal;
  /** Told when the run begins to wait for others. */
  readonly onWaiting?: (blockers: readonly string[]) => void;
}

export type LaunchResult =
  | { readonly kind: "launched"; readonly run: SupervisedRun }
  /** The run follows a Job that an earlier host left. */
  | { readonly kind: "attached"; readonly run: SupervisedRun; readonly orphan: JobRun }
  /** Nothing of the run is in the cluster. */
  | { readonly kind: "refused"; readonly outcome: Outcome };
