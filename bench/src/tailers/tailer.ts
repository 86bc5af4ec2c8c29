/** Where a tailer puts what it finds. */
export interface Sink {
  /** A line without its newline. */
  line(text: string): void;
  /** So many lines that were found but not decoded: only the floor does this. */
  counted(lines: number): void;
  /** The tailer gave up. */
  fail(error: unknown): void;
}

/** How often a tailer looks, where it looks by time. */
export interface FollowOptions {
  /** Between looks while the file grows, ms. */
  readonly pollIntervalMs: number;
  /** Between looks while it does not, ms, for a tailer that has such a thing; else as `pollIntervalMs`. */
  readonly idlePollIntervalMs: number;
}

/** A file that is being followed. */
export interface Following {
  /** Processes that do the work beside this one. */
  readonly pids: readonly number[];
  /** Ends it. */
  stop(): Promise<void>;
}

/** One way of following a file, from its first byte on. */
export interface Tailer {
  /** Its name in tables. */
  readonly name: string;
  /** Begins to follow, and feeds the sink until stopped. */
  follow(path: string, sink: Sink, options: FollowOptions): Following;
}
