/**
 * What can end a tail, one code for each reason:
 *
 * - `file_never_appeared`: the file did not exist within `waitForFileMs`
 * - `file_disappeared`: the file was deleted and did not return within `errorBudgetMs`
 * - `not_a_file`: the path is a directory, a pipe, a socket or a device
 * - `io_error`: reading failed for longer than `errorBudgetMs`, or with an error that waiting does not cure
 * - `line_too_long`: a line is longer than `maxLineBytes`, and `longLine` is `error`
 * - `invalid_utf8`: a line is not UTF-8, and `invalidUtf8` is `error`
 * - `checkpoint_mismatch`: the file is not the one that the checkpoint was made of
 * - `offset_beyond_end`: the file did not reach the offset to start from within `waitForFileMs`
 * - `invalid_option`: an option has a value that it cannot have
 * - `already_iterated`: a tail was iterated a second time
 * - `aborted`: the `signal` was aborted; `cause` is its reason
 */
export type FileTailerErrorCode =
  | "file_never_appeared"
  | "file_disappeared"
  | "not_a_file"
  | "io_error"
  | "line_too_long"
  | "invalid_utf8"
  | "checkpoint_mismatch"
  | "offset_beyond_end"
  | "invalid_option"
  | "already_iterated"
  | "aborted";

/** What a {@link FileTailerError} knows besides its code and message. */
export interface FileTailerErrorDetails {
  /** The path that was given to `tailFile`. */
  readonly path?: string | undefined;
  /** Byte offset in the file that the error is about. */
  readonly offset?: number | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** The one error class of this package. Tell the reasons apart by `code`. */
export class FileTailerError extends Error {
  override readonly name = "FileTailerError";
  /** The reason, from a fixed list. */
  readonly code: FileTailerErrorCode;
  /** The path that was given to `tailFile`, where there is one. */
  readonly path: string | undefined;
  /** Byte offset in the file that the error is about, where there is one. */
  readonly offset: number | undefined;

  /**
   * @param code the reason
   * @param message a sentence for people
   * @param details path, offset and cause, as far as they are known
   */
  constructor(code: FileTailerErrorCode, message: string, details: FileTailerErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.path = details.path;
    this.offset = details.offset;
  }
}
