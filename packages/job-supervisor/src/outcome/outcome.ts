import type { ExitRecord } from "@paperclip-k8s/job-manifest";

/** What is known of the process that writes the run's output. */
export type WriterState =
  /** It has ended: a terminated container status, a whole exit record, or a pod that went without force. */
  | "dead"
  /** No container of the run has ever been started. */
  | "never_started"
  /** Nobody can say that it has ended: its files must stay, and its Job counts as live. */
  | "not_confirmed";

/** The supervisor's verdict on a Job: a value, never an exception. */
export type OutcomeKind =
  | { readonly kind: "succeeded" }
  /** The agent CLI ended with an exit code other than 0. */
  | { readonly kind: "failed" }
  /** `probable`: killed with 137 and nobody said why. */
  | { readonly kind: "oom_killed"; readonly probable: boolean }
  /** The host's own limit, `timeoutSec`. */
  | { readonly kind: "timed_out" }
  /** Kubernetes' `activeDeadlineSeconds`, the net below the host's limit. */
  | { readonly kind: "deadline_exceeded" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "deleted_externally" }
  | { readonly kind: "evicted" }
  | { readonly kind: "disrupted" }
  | { readonly kind: "node_lost" }
  | { readonly kind: "image_pull_failed"; readonly cause: ImagePullCause }
  | { readonly kind: "unschedulable" }
  | { readonly kind: "volume_mount_failed" }
  /** The container runs, and nothing of it shows in the run directory that the host sees. */
  | { readonly kind: "volume_mismatch" }
  | { readonly kind: "config_error" }
  | { readonly kind: "init_failed"; readonly container: string }
  | { readonly kind: "start_failed"; readonly failure: string }
  | { readonly kind: "disk_full" }
  | { readonly kind: "lease_expired" }
  | { readonly kind: "quota_exceeded" }
  | { readonly kind: "forbidden" }
  | { readonly kind: "admission_denied" }
  /** `transient`: the API server was in trouble, and the same Job may be taken later. */
  | { readonly kind: "create_failed"; readonly transient: boolean }
  | { readonly kind: "state_mismatch" }
  /** Another live Job of the agent was there for longer than the run may wait. */
  | { readonly kind: "blocked" }
  | { readonly kind: "guard_unreachable" };

export type ImagePullCause = "auth" | "not_found" | "rate_limit" | "invalid_name" | "other";

/** A verdict with what it rests on. */
export type Outcome = OutcomeKind & {
  /** What happened, for people: one sentence, with Kubernetes' own words where it had any. */
  readonly message: string;
  readonly writer: WriterState;
  /** The pod's own account, with the byte counts of its output; null where none was left. */
  readonly exitRecord: ExitRecord | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly evidence: OutcomeEvidence;
};

/** What was seen, for whoever has to find out why. Holds nothing secret. */
export interface OutcomeEvidence {
  readonly jobName: string | null;
  readonly podName: string | null;
  readonly nodeName: string | null;
  /** Kubernetes' own reason and message, word for word. */
  readonly reason: string | null;
  readonly detail: string | null;
  /** Container start and end in ms since the epoch, as the record or the kubelet tells. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** Where a run that has not ended stands. */
export type RunPhase =
  | "queued"
  | "scheduling"
  | "pulling"
  | "starting"
  | "running"
  | "finishing"
  | "stopping";

/** What `diagnose` says. */
export type Verdict =
  | {
      readonly state: "pending" | "running";
      readonly phase: RunPhase;
      /** What the phase waits for, in Kubernetes' words; null where there is nothing to say. */
      readonly detail: string | null;
      /** When to look again although nothing has changed, in ms since the epoch; null: only a change matters. */
      readonly reviewAt: number | null;
      /** Whether the events about the Job or the pod would help: asked for once, not before. */
      readonly needsEvents: boolean;
    }
  | {
      readonly state: "ended";
      readonly outcome: Outcome;
      /** The pod may still start or run: end it before the outcome is told. */
      readonly mustStop: boolean;
    };

/** The phases of a run and how long each may take, in ms. `timeoutMs` 0 means none. */
export interface PhaseBounds {
  readonly schedulingMs: number;
  readonly imagePullMs: number;
  readonly startMs: number;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly cleanupMs: number;
}
