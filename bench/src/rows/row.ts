import type { Figures, Outcome } from "../measure/task.ts";
import type { TailerId } from "../tailers/load-tailer.ts";

/** What all rows are run with. */
export interface Bench {
  /** Folder for the files that are read. */
  readonly folder: string;
  /** The measuring program. */
  readonly program: string;
  /** How often each measurement is taken. */
  readonly repeats: number;
  /** Size of the large files, bytes. */
  readonly bytes: number;
  /** How long idle files are watched, ms. */
  readonly idleMs: number;
  /** The only tailers to measure, if not all. */
  readonly only: readonly TailerId[] | undefined;
  /** Told what is going on. */
  readonly progress: (text: string) => void;
}

/** All measurements of one tailer. */
export interface Measured {
  readonly tailer: TailerId;
  readonly name: string;
  readonly runs: readonly Figures[];
  /** Why there is no further one, if the tailer failed or took too long. */
  readonly why?: string;
}

/** One column of a row's table. */
export interface Column {
  readonly title: string;
  readonly figure: string;
  /** Divided by the floor's figure, rather than in a unit. */
  readonly toFloor?: boolean;
  /** The least of all rounds rather than the median, which is what a machine does that is left alone. */
  readonly best?: boolean;
  /** Digits after the point. */
  readonly digits: number;
}

/** One row of the table of targets, and how it is measured. */
export interface Row {
  readonly id: string;
  readonly title: string;
  /** What is wanted, in words. */
  readonly target: string;
  /** The figure that the target is about: the first column. */
  readonly columns: readonly Column[];
  readonly tailers: readonly TailerId[];
  /** Measures every tailer once; called for each repeat, so that noise hits all alike. */
  readonly prepare: (bench: Bench) => Promise<Rounds>;
}

/** One round of measurements, a tailer at a time or all at once. */
export type Rounds = (tailers: readonly TailerId[]) => Promise<ReadonlyMap<TailerId, Outcome>>;
