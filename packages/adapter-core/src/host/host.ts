import { hostname } from "node:os";
import { type Clock, systemClock } from "@paperclip-k8s/job-supervisor";

/** What the core takes from the process that loaded it, injected so that tests can be another host. */
export interface Host {
  /** The process's own variables, read at run time and never at import. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly hostname: string;
  /** The process's user and group; 0 for root. */
  readonly uid: number;
  readonly gid: number;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly fetch: typeof fetch;
}

/** This process. */
export function thisHost(): Host {
  return {
    environment: process.env,
    hostname: hostname(),
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    clock: systemClock,
    random: Math.random,
    fetch: globalThis.fetch,
  };
}
