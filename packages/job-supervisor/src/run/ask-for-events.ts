import type { CoreV1Event } from "@kubernetes/client-node";
import type { KubeApi } from "../api/kube-api.ts";
import type { Clock } from "../clock.ts";

/** How often the events of a run in trouble are asked for while they cannot be read, in ms. */
const EVENTS_EVERY_MS = 60_000;

/**
 * Asks for the events about a run in trouble, and for those of the same subjects not more often than once in
 * a while: events are not watched.
 */
export function createEventReader(options: {
  api: KubeApi;
  clock: Clock;
  /** What events may be about, now. */
  subjects: () => readonly string[];
  onRead: (events: readonly CoreV1Event[]) => void;
}): { ask(): void } {
  const { api, clock, onRead } = options;
  let askedAbout = "";
  let askAgainAt = 0;
  return {
    ask: () => {
      const subjects = options.subjects();
      const about = subjects.join();
      if (about === askedAbout && clock.now() < askAgainAt) return;
      askedAbout = about;
      askAgainAt = clock.now() + EVENTS_EVERY_MS;
      void Promise.all(subjects.map((subject) => api.listEvents(subject)))
        // A pod that came meanwhile has events that this answer lacks: they are asked for with the next look.
        .then((lists) => about === options.subjects().join() && onRead(lists.flat()))
        // Without the right to read events the verdict is later and has fewer words, that is all.
        .catch(() => {});
    },
  };
}
