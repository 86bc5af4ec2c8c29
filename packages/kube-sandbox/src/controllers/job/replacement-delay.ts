import type { Job } from "../../resources/objects.ts";

/** The longest wait before a failed pod is replaced. */
const longestMs = 360_000;

/** How long each Job's next pod has to wait. */
export interface ReplacementDelays {
  /** Milliseconds from now; 0 or less, if there is nothing to wait for. */
  of(job: Job): number;
  forget(uid: string): void;
}

/** Delays that start at `firstMs` and double with each failure. */
export function createReplacementDelays(now: () => number, firstMs: number): ReplacementDelays {
  const retries = new Map<string, { readonly failures: number; readonly at: number }>();
  return {
    forget: (uid) => void retries.delete(uid),
    of(job) {
      const { uid } = job.metadata;
      const failures = job.status.failed ?? 0;
      if (failures === 0) return 0;
      const known = retries.get(uid);
      if (known?.failures === failures) return known.at - now();
      const at = now() + Math.min(longestMs, firstMs * 2 ** (failures - 1));
      retries.set(uid, { failures, at });
      return at - now();
    },
  };
}
