import type { Facts } from "./facts.ts";
import type { Verdict } from "./outcome.ts";
import { ended, pending } from "./verdict.ts";

/**
 * The pod was at work, has gone, and neither container nor record has said how: it was deleted by force, or
 * its end fell into a gap of the watch. Its process may live on and still write its record.
 */
export function fromPodGone(facts: Facts, removedAt: number): Verdict {
  const giveUpAt = removedAt + facts.bounds.graceMs + facts.bounds.cleanupMs;
  if (facts.now < giveUpAt) {
    return pending("finishing", {
      reviewAt: giveUpAt,
      detail: "The pod has gone without a word; its exit record may still come.",
      running: true,
    });
  }
  const message = "The pod was deleted from outside, and nobody saw how the agent ended.";
  return ended(facts, { kind: "deleted_externally" }, message);
}
