// Text that arrives in pieces, cut into lines: what a program writes that reads from a pipe.

/** Returns a function that takes the next piece and passes on each line that it completes. */
export function cutLines(onLine: (line: string) => void): (piece: string) => void {
  let rest = "";
  return (piece) => {
    let from = 0;
    for (let at = piece.indexOf("\n"); at !== -1; at = piece.indexOf("\n", from)) {
      onLine(rest + piece.slice(from, at));
      rest = "";
      from = at + 1;
    }
    rest += piece.slice(from);
  };
}
