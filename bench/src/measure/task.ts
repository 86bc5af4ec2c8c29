import type { TailerId } from "../tailers/load-tailer.ts";

/** What a measuring process is asked to do. Times are in ms. */
export type Task =
  | {
      /** Reads a file that is complete, and notes time, memory, and with `watchStalls` the event loop's stalls. */
      readonly kind: "read";
      readonly tailer: TailerId;
      readonly path: string;
      readonly lines: number;
      readonly watchStalls: boolean;
    }
  | {
      /** Follows a file that `append` writes. */
      readonly kind: "deliver";
      readonly tailer: TailerId;
      readonly path: string;
      readonly lines: number;
      readonly pollIntervalMs: number;
    }
  | {
      /** Appends lines that hold the time at which they were written. */
      readonly kind: "append";
      readonly paths: readonly string[];
      readonly lines: number;
      readonly everyMs: number;
    }
  | {
      /** Follows files that do not grow. */
      readonly kind: "idle";
      readonly tailer: TailerId;
      readonly paths: readonly string[];
      readonly settleMs: number;
      readonly windowMs: number;
      readonly pollIntervalMs: number;
    };

/** What a measuring process found: figures by name. */
export type Figures = Readonly<Record<string, number>>;

/** A measurement, or why there is none. */
export type Outcome =
  | { readonly ok: true; readonly figures: Figures }
  | { readonly ok: false; readonly why: string };
