/** The parts of Paperclip's rows that scenarios look at; the rest is there at run time, too. */

export interface Company {
  readonly id: string;
  readonly issuePrefix: string;
}

export interface InstalledAdapter {
  readonly type: string;
  readonly version?: string;
  readonly requiresRestart?: boolean;
}

export interface Agent {
  readonly id: string;
  readonly status: string;
  readonly errorReason?: string | null;
}

export interface Issue {
  readonly id: string;
  readonly identifier: string;
  readonly status: string;
}

/** A run's row. */
export interface Run {
  readonly id: string;
  readonly agentId: string;
  readonly status: string;
  readonly error: string | null;
  readonly errorCode: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly sessionIdAfter: string | null;
  readonly usageJson: Readonly<Record<string, unknown>> | null;
  readonly resultJson: Readonly<Record<string, unknown>> | null;
  readonly logBytes: number | null;
  readonly retryOfRunId: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly contextSnapshot: Readonly<Record<string, unknown>> | null;
}

export interface RunEvent {
  readonly seq: number;
  readonly eventType: string;
  readonly level: string | null;
  readonly message: string | null;
  readonly payload: Readonly<Record<string, unknown>> | null;
}

/** The states in which a run stays. */
export const ENDED_STATES: readonly string[] = [
  "succeeded",
  "failed",
  "cancelled",
  "timed_out",
  "interrupted",
];
