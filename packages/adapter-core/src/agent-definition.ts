import type { AdapterModel } from "@paperclipai/adapter-utils";
import type { AdapterExecutionErrorFamily } from "@paperclipai/adapter-utils/types";
import type { z } from "zod";
import type { ConfigField } from "./config/config-field.ts";
import type { CoreConfig } from "./config/core-config.ts";
import type { InheritedName } from "./environment/inherited-environment.ts";

/** What differs between two agents on Kubernetes, and nothing else: no Kubernetes call, no file access, no timer. */
export interface AgentDefinition<Own extends Record<string, ConfigField> = Record<string, ConfigField>> {
  /** The adapter type that the host registers. */
  readonly type: string;
  /** The name that people see. */
  readonly label: string;
  /** Begins the name of every Job, a dash included. */
  readonly jobPrefix: string;
  /** Config fields of the agent's own, beside the core's. */
  readonly fields: Own;
  readonly models: readonly AdapterModel[];
  /** Names of variables that may be inherited from the host for this agent, beside the core's list. A trailing `*` matches a prefix. */
  readonly inheritedEnvironment: readonly InheritedName[];
  /** Which session ids the agent CLI knows; a stored one that does not match starts afresh. Default: any plain word. */
  readonly sessionIdPattern?: RegExp;
  /**
   * Names a folder of each agent's own on the shared volume, for an agent CLI whose state may not be shared as `HOME`
   * may: `run.stateDirectory`. Default: none.
   */
  readonly stateFolder?: string;
  /** How long the agent CLI may wait for a provider that is out, in seconds; 0 means for ever. Default: for ever. */
  patienceSec?(config: AgentConfig<Own>): number;
  /** The agent CLI and its arguments. */
  commandLine(run: AgentRunInput<Own>): readonly [string, ...string[]];
  /** Text files of the run and variables that point to them; values win over the config's. */
  environment(run: AgentRunInput<Own>): Readonly<Record<string, string>>;
  /** Files that only this run sees, by name; their paths in the pod are `run.filePath(name)`. */
  files(run: AgentRunInput<Own>): Readonly<Record<string, string>>;
  /** Stands in front of the prompt: the instructions of an agent CLI that takes them in no other way. */
  preamble?(run: AgentRunInput<Own>): string | null;
  /** Folds the agent CLI's stdout, line by line, in constant memory. */
  createReducer(run: { readonly resumedCostUsd: number | null; readonly resumed: boolean }): AgentReducer;
  /** Where the agent CLI takes its credentials from, for the test of the environment. Default: nobody can tell. */
  readonly credentials?: AgentCredentials;
  /** Whose limits the agent CLI is told, for the host's page of costs. Default: it is told none. */
  readonly quota?: AgentQuota;
  /** What the end of the agent CLI means, once its whole output has been read. */
  verdict(end: AgentEnd<Own>): AgentVerdict;
}

/** The values of the agent's fields beside the core's, after validation. */
export type AgentConfig<Own extends Record<string, ConfigField>> = CoreConfig & {
  readonly [Name in keyof Own]: z.infer<Own[Name]["schema"]>;
};

/** What a definition may know about the run that is about to start. All paths are the pod's. */
export interface AgentRunInput<Own extends Record<string, ConfigField> = Record<string, ConfigField>> {
  readonly config: AgentConfig<Own>;
  readonly runId: string;
  /** The session to resume; null on a fresh one. */
  readonly sessionId: string | null;
  /** The text of the agent's instructions file, with a word on its folder if the pod sees that; null where there is none. */
  readonly instructions: string | null;
  /** Where the pod sees a file of `files()`. */
  filePath(name: string): string;
  readonly workingDirectory: string;
  /** The folder with the run's skills, each in `.claude/skills/<name>`; null where there are none. Not to be written to; sub-path isolation sees to it. */
  readonly skillsDirectory: string | null;
  /** The agent's folder of the definition's `stateFolder`; null where it names none. */
  readonly stateDirectory: string | null;
  /** A folder that ends with the pod. */
  readonly tmpDirectory: string;
}

export interface AgentReducer {
  /** Takes one complete line of the agent CLI's stdout. */
  push(line: string): void;
  /** Takes one complete line of its stderr, for what an agent CLI tells nowhere else. Between the two streams there is no order. */
  pushStderr?(line: string): void;
  /** What is known so far. */
  result(): AgentResult;
  /** Whether the agent CLI has said the last thing of its run, and nothing of it works in the background: it should end now. Asked after every line. */
  isClosed?(): boolean;
  /** The provider that the agent CLI waits for now; null where it works. Only for one that waits without an end. */
  waiting?(): AgentWait | null;
}

/** A provider that does not answer, which the agent CLI asks again and again. */
export interface AgentWait {
  /** The same number is the same trouble: an answer in between makes the next one another. */
  readonly streak: number;
  /** What the run has failed at if this does not end. */
  readonly failure: AgentFailure;
}

/** What the agent CLI said of its run, without its transcript. */
export interface AgentResult {
  /** `never_started`: no event came. `truncated`: it started and no closing event came. */
  readonly state: "never_started" | "truncated" | "finished";
  readonly sessionId: string | null;
  readonly model: string | null;
  /** This run's tokens alone. */
  readonly usage: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cachedInputTokens: number;
  } | null;
  /** This run's cost alone, in US dollars; null where only sums are known. */
  readonly costUsd: number | null;
  /** The session's cost up to now, where the agent CLI tells sums; kept with the session for the next run. */
  readonly sessionCostUsd: number | null;
  /** The agent's last words. */
  readonly summary: string | null;
  /** The agent's own classification of a failure, from structured events only. */
  readonly failure: AgentFailure | null;
  /** Limits of its account of which the agent CLI was told; only with the definition's `quota`. */
  readonly limits?: readonly AgentLimit[];
  /** Small, for the host's record; never the raw stream. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Where an agent CLI takes its credentials from. */
export interface AgentCredentials {
  /** Whether these variables have some, or name another place for them. */
  areIn(environment: Readonly<Record<string, string>>): boolean;
  /** The file with a login, below `HOME`. */
  readonly homeFile: string;
  /** What to do where there are none. */
  readonly remedy: string;
}

/** Whose limits an agent CLI is told. */
export interface AgentQuota {
  /** As the host's costs name it: "anthropic". */
  readonly provider: string;
  /** What tells the accounts of two runs apart, by their variables; used as a digest. */
  account(environment: Readonly<Record<string, string>>): string;
}

/** How much an account may use in a time. */
export interface AgentLimit {
  /** The time: "5h", "7d". */
  readonly label: string;
  /** 0 to 100; null where unknown. */
  readonly usedPercent: number | null;
  /** ISO time at which it begins anew; null where unknown. */
  readonly resetsAt: string | null;
}

export interface AgentFailure {
  /** A code of the error catalogue. */
  readonly code: string;
  readonly family: AdapterExecutionErrorFamily | null;
  readonly message: string;
  /** ISO time before which a retry is useless; null where unknown. */
  readonly retryNotBefore: string | null;
}

export interface AgentEnd<Own extends Record<string, ConfigField> = Record<string, ConfigField>> {
  readonly run: AgentRunInput<Own>;
  readonly result: AgentResult;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** All variables that the agent CLI had. */
  readonly environment: Readonly<Record<string, string>>;
  /** The last 32 KiB of the agent CLI's stderr. */
  readonly stderrTail: string;
}

/** How the end counts, and what becomes of the session. */
export interface AgentVerdict {
  readonly failure: AgentFailure | null;
  /** The agent CLI said itself that it ended well, which beats a status other than 0 and a signal. Default false. */
  readonly succeeded?: boolean;
  /** `retry_fresh`: the session cannot be resumed, start once more without it. */
  readonly session: "keep" | "clear" | "retry_fresh";
  /** The model, for an agent CLI that does not name it in its output. */
  readonly model?: string | null;
  readonly provider: string | null;
  readonly biller: string | null;
  readonly billingType: "api" | "subscription" | "metered_api" | "unknown";
}
