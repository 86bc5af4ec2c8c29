// What the command line asks for.
import { parseArgs } from "node:util";

/** What is to be followed, and how. */
export interface FollowRequest {
  readonly file: string;
  readonly fromStart: boolean;
  readonly checkpoint: string | undefined;
  readonly untilBytes: number | undefined;
  readonly json: boolean;
}

/** What `--help` prints. */
export const USAGE = `Usage: file-tailer FILE [--from-start] [--checkpoint FILE] [--until-bytes N] [--json]

Prints the lines of a growing file, each once, and at the end its statistics to stderr.
  --from-start       from the first byte on; otherwise only what is added from now on
  --checkpoint FILE  goes on where FILE says, if it exists, and keeps it up to date
  --until-bytes N    ends once N bytes of the file were read, its last line with or without a newline
  --json             one JSON object for each line: text, start, end, terminated, and bytes (base64) if not UTF-8
  --version          prints the version
Ends with status 0 after --until-bytes or when its output is closed, 1 after an error, 2 if called wrongly.
`;

/** One call of the command: a file to follow, a text to print, or why it is wrong. */
export type Request = FollowRequest | { readonly print: "usage" | "version" } | { readonly wrong: string };

/** Reads the command line. */
export function readCommandLine(args: readonly string[]): Request {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "from-start": { type: "boolean", default: false },
        checkpoint: { type: "string" },
        "until-bytes": { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", default: false },
      },
    });
    if (values.help) return { print: "usage" };
    if (values.version) return { print: "version" };
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) {
      return { wrong: `one FILE is wanted, not ${positionals.length}` };
    }
    if (file === "") return { wrong: "FILE wants the path of a file" };
    if (values.checkpoint === "") return { wrong: "--checkpoint wants the path of a file" };
    const until = values["until-bytes"];
    if (until !== undefined && !(/^\d+$/.test(until) && Number.isSafeInteger(Number(until)))) {
      return { wrong: `--until-bytes wants a number of bytes, not ${JSON.stringify(until)}` };
    }
    return {
      file,
      fromStart: values["from-start"],
      checkpoint: values.checkpoint,
      untilBytes: until === undefined ? undefined : Number(until),
      json: values.json,
    };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}
