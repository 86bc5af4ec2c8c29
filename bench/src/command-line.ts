import { parseArgs } from "node:util";
import { TAILER_IDS, type TailerId } from "./tailers/load-tailer.ts";

/** What the command line asks for. */
export interface Request {
  /** The rows to run; all if empty. */
  readonly rows: readonly string[];
  readonly tailers: readonly TailerId[] | undefined;
  readonly repeats: number;
  readonly mib: number;
  readonly idleSeconds: number;
  /** Whether the committed table is written. */
  readonly write: boolean;
  readonly help: boolean;
}

/** How the program is used. */
export const USAGE = `bench [--row <id>]... [--tailer <id>]... [--repeats 5] [--mib 1024] [--idle-seconds 30] [--write]

Measures file-tailer beside other tailers and prints a table for each row.
--row           one of mixed, short, text, memory, stall, long-line, delivery, idle; all by default
--tailer        one of ${TAILER_IDS.join(", ")}; all by default, the floor always
--repeats       measurements of each
--mib           size of the large file
--idle-seconds  how long idle files are watched
--write         puts the results into results/file-tailer.md, too
`;

function isTailer(id: string): id is TailerId {
  return (TAILER_IDS as readonly string[]).includes(id);
}

/** Reads the command line. Throws an error with a message for the user. */
export function readCommandLine(args: readonly string[]): Request {
  const { values } = parseArgs({
    args: [...args],
    options: {
      row: { type: "string", multiple: true, default: [] },
      tailer: { type: "string", multiple: true },
      repeats: { type: "string", default: "5" },
      mib: { type: "string", default: "1024" },
      "idle-seconds": { type: "string", default: "30" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const number = (name: "repeats" | "mib" | "idle-seconds"): number => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not ${values[name]}`);
    return value;
  };
  const tailers = values.tailer?.map((id) => {
    if (!isTailer(id)) throw new Error(`--tailer must be one of ${TAILER_IDS.join(", ")}, not ${id}`);
    return id;
  });
  return {
    rows: values.row,
    tailers,
    repeats: number("repeats"),
    mib: number("mib"),
    idleSeconds: number("idle-seconds"),
    write: values.write,
    help: values.help,
  };
}
