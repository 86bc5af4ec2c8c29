import type { Clock, Liveness } from "@paperclip-k8s/job-supervisor";
import { tellHost } from "./tell-host.ts";

/** Says now and then that a silent run is alive, so that the host's watchdog stays quiet. */
export interface KeepAlive {
  /** Something was written to the log. */
  heard(): void;
  stop(): void;
}

/**
 * After `silenceMs` without output a line goes to the log, and another after each further such time. What it
 * says has been verified: a run whose watch is broken is reported as unknown, not as alive.
 */
export function startKeepAlive(options: {
  clock: Clock;
  silenceMs: number;
  liveness: () => Liveness;
  /** What a run waits for whose agent has not started; null once it has. */
  waitsFor: () => string | null;
  write: (line: string) => Promise<void>;
}): KeepAlive {
  const { clock, silenceMs, liveness, waitsFor, write } = options;
  let lastHeard = clock.now();
  let lastWritten = 0;
  let stopped = false;
  let cancel = clock.schedule(look, silenceMs);

  function look(): void {
    if (stopped) return;
    const now = clock.now();
    const dueAt = Math.max(lastHeard, lastWritten) + silenceMs;
    if (now >= dueAt) {
      lastWritten = now;
      void tellHost(() => write(sentence(liveness(), waitsFor(), now - lastHeard, now)));
    }
    cancel = clock.schedule(look, Math.max(lastHeard, lastWritten) + silenceMs - now);
  }

  return {
    heard: () => {
      lastHeard = clock.now();
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}

function sentence(life: Liveness, waitsFor: string | null, silentMs: number, now: number): string {
  const silence = `${Math.round(silentMs / 1000)} s without output`;
  const verified = life.verifiedAt === null ? "never" : `${Math.round((now - life.verifiedAt) / 1000)} s ago`;
  if (life.state === "alive" && waitsFor !== null)
    return `[paperclip] The agent has not started yet: ${waitsFor} (verified ${verified}).\n`;
  if (life.state === "alive")
    return `[paperclip] The agent's Job is alive (${silence}; verified ${verified}).\n`;
  if (life.state !== "unknown")
    return `[paperclip] The agent's Job has ended; its end is being looked into (${silence}; verified ${verified}).\n`;
  return `[paperclip] Whether the agent's Job is alive is not known now: the API server does not answer (${silence}; last verified ${verified}).\n`;
}
