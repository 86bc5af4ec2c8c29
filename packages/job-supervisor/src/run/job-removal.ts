import type { KubeApi } from "../api/kube-api.ts";
import { isKubeApiError } from "../api/kube-api-error.ts";
import { retrying } from "../api/retrying.ts";
import type { Clock } from "../clock.ts";

/** How long a deletion that must happen is repeated, in ms; after that it is the sweep's. */
const DELETE_FOR_MS = 1_800_000;

/** The deletions of one run's objects. None rejects. */
export interface JobRemoval {
  /** One deletion for whoever asks first; a later one of the same Job joins it. */
  job(propagation: "Foreground" | "Background"): Promise<void>;
  secret(): Promise<void>;
}

export function createJobRemoval(options: {
  api: KubeApi;
  clock: Clock;
  random: () => number;
  jobName: string;
  uid: string;
}): JobRemoval {
  const { api, clock, random, jobName, uid } = options;
  const persistently = (request: () => Promise<void>) =>
    // Rights that were taken away, or credentials that have run out, may come back as the server itself does.
    retrying({ clock, random, forMs: DELETE_FOR_MS, deniedForMs: DELETE_FOR_MS }, request).catch(() => {});
  let deletion: Promise<void> | null = null;
  return {
    job: (propagation) => {
      deletion ??= persistently(async () => {
        try {
          await api.deleteJob(jobName, { propagation, preconditions: { uid } });
        } catch (error) {
          // Gone, or its name is another object's by now.
          if (!isKubeApiError(error, "not_found") && !isKubeApiError(error, "conflict")) throw error;
        }
      });
      return deletion;
    },
    secret: () => persistently(() => api.deleteSecret(jobName)),
  };
}
