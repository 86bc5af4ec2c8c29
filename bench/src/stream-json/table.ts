import { median } from "../report/median.ts";
import type { Cli, Subject } from "./subject.ts";

/** One measurement. */
export interface Figures {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly privateMb: number;
}

/** The rounds of one subject. */
export interface Measured {
  readonly cli: Cli;
  readonly subject: Subject;
  readonly runs: readonly Figures[];
}

/** The committed table in Markdown. */
export function resultsTable(options: {
  readonly measured: readonly Measured[];
  readonly bytes: number;
  readonly command: string;
  readonly date: string;
}): string {
  const { measured, bytes, command, date } = options;
  const rows = measured.map((one) => row(one, measured, bytes));
  return `${[
    "# stream-json beside a bare JSON.parse loop",
    "",
    "Medians, ranges in brackets. A stream of the real CLIs' recorded events, read from a file in pieces of 256 KiB and cut",
    "into lines in the same way by all; each measurement ran in a process of its own, round by round. The ratio is that of",
    "the `JSON.parse` loop's time to ours in the same round (target: at least 0.8), and the same of CPU time. Memory is the",
    "peak of the resident set (`VmHWM`); the last column is what it is above that of a process that has loaded the package",
    "and read nothing (target: at most 40 MB).",
    "",
    `${(bytes / 2 ** 20).toFixed(0)} MiB, Node ${process.version}, ${date}, \`${command}\`. The machine had two cores and other load.`,
    "",
    "| stream | what is done with a line | MB/s | ratio | ratio of CPU time | peak MB | above empty, MB |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n")}\n`;
}

const names = { claude: "Claude Code", opencode: "OpenCode" } as const;
const work: Readonly<Record<Subject, string>> = {
  empty: "nothing is read",
  parse: "`JSON.parse`",
  claude: "`parseEvent`, `createClaudeReducer().push`",
  opencode: "`parseEvent`, `createOpenCodeReducer().push`",
};

function row({ cli, subject, runs }: Measured, all: readonly Measured[], bytes: number): string {
  const of = (wanted: Subject) => all.find((one) => one.cli === cli && one.subject === wanted)?.runs ?? [];
  const isRead = subject !== "empty";
  const speed = isRead
    ? cell(
        runs.map(({ ms }) => bytes / 2 ** 20 / (ms / 1000)),
        0,
      )
    : "";
  const isOurs = isRead && subject !== "parse";
  const ratio = (figure: "ms" | "cpuMs") =>
    isOurs
      ? cell(
          runs.map((run, at) => (of("parse")[at]?.[figure] ?? Number.NaN) / run[figure]),
          2,
        )
      : "";
  const rss = cell(
    runs.map(({ rssMb }) => rssMb),
    0,
  );
  const above = cell(
    runs.map(({ rssMb }, at) => rssMb - (of("empty")[at]?.rssMb ?? Number.NaN)),
    0,
  );
  const columns = [names[cli], work[subject], speed, ratio("ms"), ratio("cpuMs"), rss, isRead ? above : ""];
  return `| ${columns.join(" | ")} |`;
}

function cell(values: readonly number[], digits: number): string {
  const text = (value: number) => value.toFixed(digits);
  return `${text(median(values))} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}
