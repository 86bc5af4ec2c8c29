import type { Fault } from "./fault.ts";

/** What a delivery may do to its watch. */
export interface WatchEnds {
  write(text: string): void;
  /** Cuts the connection, after what was written has left. */
  cut(): void;
  /** Ends the stream as the API does, after an error in it if one is given. */
  end(error?: { readonly code: number; readonly reason?: string; readonly message?: string }): void;
  /** Keeps the connection open, and says nothing more. */
  silence(): void;
}

/** Takes the events of a watch, one line each, and sends of them what the fault lets through. */
export interface WatchDelivery {
  /** Called once, before the first event. */
  opened(): void;
  event(line: string): void;
}

type Counted = Extract<Fault, { readonly kind: "truncate" | "stream_error" | "end_stream" | "half_open" }>;

/** Events go well up to a number, then something happens to the stream. */
function breakAfter(fault: Counted, ends: WatchEnds): WatchDelivery {
  let left = fault.afterEvents ?? 0;
  let broken = false;
  const breakNow = (): void => {
    if (fault.kind === "truncate" || left > 0 || broken) return;
    broken = true;
    if (fault.kind === "half_open") ends.silence();
    else if (fault.kind === "end_stream") ends.end();
    else ends.end({ ...fault, code: fault.code ?? 410 });
  };
  return {
    opened: breakNow,
    event(line) {
      if (broken) return;
      if (left === 0) {
        broken = true;
        ends.write(line.slice(0, Math.ceil(line.length / 2)));
        ends.cut();
        return;
      }
      left -= 1;
      ends.write(line);
      breakNow();
    },
  };
}

function losing(afterEvents: number, count: number, write: (line: string) => void): WatchDelivery {
  let seen = 0;
  return {
    opened() {},
    event(line) {
      const lost = seen >= afterEvents && seen < afterEvents + count;
      seen += 1;
      if (!lost) write(line);
    },
  };
}

function swapping(write: (line: string) => void): WatchDelivery {
  let held: string | undefined;
  return {
    opened() {},
    event(line) {
      if (held === undefined) held = line;
      else {
        write(line + held);
        held = undefined;
      }
    },
  };
}

/** How the events of a watch reach its client: as they are, unless a fault struck it. */
export function watchDelivery(fault: Fault | undefined, ends: WatchEnds): WatchDelivery {
  switch (fault?.kind) {
    case "duplicate_events":
      return { opened() {}, event: (line) => ends.write(line + line) };
    case "reorder_events":
      return swapping(ends.write);
    case "lose_events":
      return losing(fault.afterEvents ?? 0, fault.count ?? Number.POSITIVE_INFINITY, ends.write);
    case "truncate":
    case "stream_error":
    case "end_stream":
    case "half_open":
      return breakAfter(fault, ends);
    default:
      return { opened() {}, event: ends.write };
  }
}
