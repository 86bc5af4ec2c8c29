import type { V1Job } from "@kubernetes/client-node";

/**
 * Which hosts of the instance are alive, told on the shared volume and not through the API server, which must
 * hear nothing while a Job runs. A port, so that no I/O is here.
 */
export interface HostPresence {
  /** Keeps this host's mark fresh until `signal` aborts, and takes it away then. */
  keep(hostId: string, signal: AbortSignal): void;
  /** Whether that host has kept its mark lately; true where nobody can say. */
  isAlive(hostId: string): Promise<boolean>;
}

/** The host that follows a Job: its annotation `<domain>/host`, written with the resume and with each take-over. */
export function hostOf(job: V1Job, labelDomain: string): string | null {
  return job.metadata?.annotations?.[hostAnnotation(labelDomain)] ?? null;
}

export function hostAnnotation(labelDomain: string): string {
  return `${labelDomain}/host`;
}

/** Tells of a Job whether another host that is alive follows it. */
export type IsElsewhere = (job: V1Job) => boolean;

/** Asks once for each host that these Jobs name. Without presence nobody is known to be alive. */
export async function followedElsewhere(options: {
  jobs: readonly V1Job[];
  hostId: string;
  labelDomain: string;
  presence: HostPresence | undefined;
}): Promise<IsElsewhere> {
  const { jobs, hostId, labelDomain, presence } = options;
  if (!presence) return () => false;
  const named = new Set(jobs.map((job) => hostOf(job, labelDomain)).filter((host) => host !== null));
  named.delete(hostId);
  const asked = [...named].map(async (host) => ((await isAlive(presence, host)) ? [host] : []));
  const alive = new Set((await Promise.all(asked)).flat());
  return (job) => alive.has(hostOf(job, labelDomain) ?? "");
}

/** A volume that is away says nothing of a host. */
function isAlive(presence: HostPresence, host: string): Promise<boolean> {
  return presence.isAlive(host).catch(() => true);
}
