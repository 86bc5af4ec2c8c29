import type { Clock } from "@paperclip-k8s/job-supervisor";
import type { AgentFailure, AgentWait } from "../agent-definition.ts";
import { tellHost } from "./tell-host.ts";

/** Bears an agent CLI that waits for its provider, for a while. */
export interface Patience {
  /** The agent CLI has written something. */
  look(): void;
  /** Ends the watch; returns what was given up for, null where nothing was. */
  stop(): AgentFailure | null;
}

/**
 * Says in the log that the agent waits for its provider, and gives up when that goes on for `boundMs`, or when the
 * provider has said that it will go on for longer. Counted from when the trouble was first seen here, so that the pod's
 * clock does not matter; a call that is on its way is not waited for, and may take what it takes.
 */
export function startPatience(options: {
  clock: Clock;
  /** 0: for ever. */
  boundMs: number;
  waiting: () => AgentWait | null;
  write: (line: string) => Promise<void>;
  giveUp: (failure: AgentFailure) => void;
}): Patience {
  const { clock, boundMs, waiting, write, giveUp } = options;
  let streak: number | null = null;
  let since = 0;
  let gaveUp: AgentFailure | null = null;
  let cancelTimer = (): void => {};

  function look(): void {
    const wait = boundMs > 0 && gaveUp === null ? waiting() : null;
    if (wait === null) return;
    if (wait.streak !== streak) begin(wait);
    const endsAt = since + boundMs;
    cancelTimer();
    if (clock.now() >= endsAt || nextTryOf(wait.failure) > endsAt) end(wait.failure);
    else cancelTimer = clock.schedule(look, endsAt - clock.now());
  }

  function begin({ streak: begun, failure }: AgentWait): void {
    streak = begun;
    since = clock.now();
    const bound = `The run ends if that goes on for ${boundMs / 1000} s.`;
    void tellHost(() =>
      write(`[paperclip] The agent waits for its provider: ${failure.message}. ${bound}\n`),
    );
  }

  function end(failure: AgentFailure): void {
    const borne = Math.round((clock.now() - since) / 1000);
    const isPutOff = clock.now() < since + boundMs;
    const next = isPutOff ? ` and asks to wait until ${failure.retryNotBefore}` : "";
    const message = `The provider did not answer${next}: ${failure.message}. The agent was ended after ${borne} s of waiting.`;
    gaveUp = { ...failure, message };
    giveUp(gaveUp);
  }

  return {
    look,
    stop: () => {
      cancelTimer();
      return gaveUp;
    },
  };
}

function nextTryOf({ retryNotBefore }: AgentFailure): number {
  return retryNotBefore === null ? 0 : Date.parse(retryNotBefore);
}
