/** Bytes that are written: text, or bytes where text cannot say it. */
export type Content = string | Uint8Array;

/** What happens to the file, or what the suite waits for. */
export type Step =
  /** Adds to the file, which is made if there is none. */
  | { readonly do: "append"; readonly content: Content }
  /** Starts the tailer. Each scenario has this step once. */
  | { readonly do: "follow" }
  /** Waits until so many lines were delivered, as long as patience goes; then goes on all the same. */
  | { readonly do: "delivered"; readonly lines: number }
  /** Waits for so many poll intervals. */
  | { readonly do: "pause"; readonly polls: number }
  /** Gives the file the name with `.1` behind it. A later `append` makes a new file. */
  | { readonly do: "rename" }
  /** Adds to the file that was renamed last. */
  | { readonly do: "append_renamed"; readonly content: Content }
  /** Writes a file beside it and gives it the name. */
  | { readonly do: "replace"; readonly content: Content }
  /** Cuts the file to nothing and writes, with no time between. */
  | { readonly do: "truncate"; readonly content: Content }
  /** Copies the file aside and cuts it, as `copytruncate` of logrotate does. */
  | { readonly do: "copy_truncate" }
  /** Writes over the file's first bytes. */
  | { readonly do: "overwrite"; readonly content: Content }
  /** Deletes the file. */
  | { readonly do: "delete" }
  /** Makes the path a link to another file with that content, in the place of what was there. */
  | { readonly do: "link"; readonly content: Content }
  /** Tells the tailer that the writer is done, and how many bytes the file has. */
  | { readonly do: "finish" };

/** One thing that a tailer must be right about. */
export interface Scenario {
  /** A short name. */
  readonly id: string;
  /** What happens, in a few words. */
  readonly title: string;
  /** What happens, step by step. */
  readonly steps: readonly Step[];
  /** The lines that must come, in this order, once each. */
  readonly expected: readonly string[];
  /** Lines that may come, in any place, once each: what was left of a line when its file went. */
  readonly tolerated?: readonly string[];
}
