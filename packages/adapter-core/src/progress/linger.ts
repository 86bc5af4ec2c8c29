import type { Clock } from "@paperclip-k8s/job-supervisor";
import { tellHost } from "./tell-host.ts";

/** Bears an agent CLI that has said the last thing of its run and does not end, for a while. */
export interface Linger {
  /** The agent CLI has written something. */
  look(): void;
  /** Ends the watch; whether the agent CLI was asked to end. */
  stop(): boolean;
}

/**
 * Asks an agent CLI to end that is still there `boundMs` after its closing event: its answer has come, and only its
 * Job would go on and cost, unnoticed, since its log says that it is alive. What it writes meanwhile changes nothing;
 * a new turn, or work in the background, does.
 */
export function startLinger(options: {
  clock: Clock;
  /** 0: for ever. */
  boundMs: number;
  isClosed: () => boolean;
  write: (line: string) => Promise<void>;
  end: () => void;
}): Linger {
  const { clock, boundMs, isClosed, write, end } = options;
  let cancelTimer: (() => void) | null = null;
  let isOver = false;

  function look(): void {
    if (boundMs === 0 || isOver) return;
    if (isClosed()) {
      cancelTimer ??= clock.schedule(ask, boundMs);
    } else {
      cancelTimer?.();
      cancelTimer = null;
    }
  }

  function ask(): void {
    isOver = true;
    const line = `[paperclip] The agent CLI has finished and not ended for ${boundMs / 1000} s: it is ended.\n`;
    void tellHost(() => write(line));
    end();
  }

  return {
    look,
    stop: () => {
      cancelTimer?.();
      return isOver;
    },
  };
}
