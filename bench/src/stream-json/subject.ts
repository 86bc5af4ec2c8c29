/** What a measuring process does with the lines of a stream. */
export type Subject = "empty" | "parse" | "claude" | "opencode";

/** The CLI whose stream is read. */
export type Cli = "claude" | "opencode";
