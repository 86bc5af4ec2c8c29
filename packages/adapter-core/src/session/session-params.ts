import { sessionIdOf } from "./session-codec.ts";

/** What the next run of the session needs to know. */
export interface SessionParamsOptions {
  readonly sessionId: string;
  /**
   * The pod's working directory, by which the agent CLI finds its sessions. Not stored as `cwd`: the host takes that
   * for a folder of its own.
   */
  readonly podDirectory: string;
  /** The session's cost up to now, in US dollars, where the agent CLI tells sums. */
  readonly sessionCostUsd: number | null;
  /** More that must be the same for a resume: a bundle's key. */
  readonly expectations?: Readonly<Record<string, string | null>>;
  /** What was stored before; its other keys are kept where it is the same session. */
  readonly previous?: Readonly<Record<string, unknown>> | null;
}

/** The parameters to store with the host. */
export function sessionParams(options: SessionParamsOptions): Record<string, unknown> {
  const { sessionId, podDirectory, sessionCostUsd, expectations = {}, previous } = options;
  const { sessionCostUsd: _cost, ...kept } = sessionIdOf(previous) === sessionId ? { ...previous } : {};
  const known = Object.entries(expectations).filter(([, value]) => value !== null);
  return {
    ...kept,
    ...Object.fromEntries(known),
    sessionId,
    podDirectory,
    // A sum of an earlier run would be subtracted from the wrong one.
    ...(sessionCostUsd === null ? {} : { sessionCostUsd }),
  };
}
