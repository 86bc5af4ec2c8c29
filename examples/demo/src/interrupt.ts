import type { EventEmitter } from "node:events";
import type { Show } from "./show/demo-event.ts";

/** Aborts at the first Ctrl-C. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A terminal's Ctrl-C reaches this process, and pnpm may pass it on once more, in ms. */
const ECHO_MS = 200;

/**
 * Listens for Ctrl-C and its relatives until disposed. None of them ends the process: the run is cancelled, and
 * whoever asks again is told that it is being waited for. A reader of the output that has gone counts as one, too.
 */
export function listenForInterrupt(options: {
  readonly source: Pick<EventEmitter, "on" | "off">;
  readonly output: Pick<EventEmitter, "on" | "off">;
  readonly show: Show;
  /** Default `Date.now`. */
  readonly now?: () => number;
}): Interrupt {
  const { source, output, show, now = Date.now } = options;
  const abort = new AbortController();
  let first = 0;
  const interrupt = () => {
    if (abort.signal.aborted) {
      if (now() - first > ECHO_MS) show({ type: "cancel", state: "waiting" });
      return;
    }
    first = now();
    show({ type: "cancel", state: "requested" });
    abort.abort(new Error("Cancelled with Ctrl-C."));
  };
  // Nothing more can be shown then, and the agent's work is of use to nobody.
  const gone = () => abort.abort(new Error("The reader of the output has gone."));
  for (const name of SIGNALS) source.on(name, interrupt);
  output.on("error", gone);
  return {
    signal: abort.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) source.off(name, interrupt);
    },
  };
}
