// What people are told besides the lines: why nothing comes yet, what went wrong, and what helps.
import { FileTailerError, type FileTailerErrorCode } from "../errors.ts";
import type { TailEvent } from "../tail.ts";

const REMEDIES: Partial<Record<FileTailerErrorCode, string>> = {
  not_a_file: "Only a regular file can be followed; read a pipe with cat",
  file_never_appeared: "Check the path, and start again once something writes there",
  file_disappeared: "Start again once something writes there",
  checkpoint_mismatch: "It is another file by now: delete the checkpoint to begin anew",
  offset_beyond_end: "The file is shorter than at the last call: delete the checkpoint to begin anew",
  io_error: "Check that you may read the file, and that its volume works",
};

/** An error in a sentence, with its code and what to do. */
export function sentence(error: unknown): string {
  if (!(error instanceof FileTailerError)) return error instanceof Error ? error.message : String(error);
  const why = error.cause instanceof Error ? error.cause.message : "";
  const cause = why === "" || error.message.includes(why) ? "" : ` (${why})`;
  const remedy = REMEDIES[error.code];
  return `${error.message}${cause} [${error.code}]${remedy ? `. ${remedy}` : ""}`;
}

/** Tells, of what happens to the file, what keeps lines from coming: each trouble once, until lines come again. */
export function noticesOf(
  path: string,
  tell: (notice: string) => void,
): { readonly onEvent: (event: TailEvent) => void; readonly lineCame: () => void } {
  let told = "";
  const once = (trouble: string): void => {
    if (trouble !== told) tell(trouble);
    told = trouble;
  };
  return {
    onEvent(event) {
      if (event.kind === "transient_error") once(`${event.errorCode} at ${path}: trying again`);
      if (event.kind === "missing") once(`${path} is gone: waiting for it to come back`);
    },
    lineCame: () => {
      told = "";
    },
  };
}
