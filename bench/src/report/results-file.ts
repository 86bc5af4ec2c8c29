// The committed results: the figures, a row a line, so that one row can be measured anew, and the table made of them.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Measured, Row } from "../rows/row.ts";
import { rowTable } from "./row-table.ts";

/** The measurements of a row, and how they were taken. */
export interface RowResult {
  readonly node: string;
  readonly date: string;
  readonly command: string;
  readonly measured: readonly Measured[];
}

type Results = Readonly<Record<string, RowResult>>;

async function readResults(path: string): Promise<Results> {
  try {
    const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
    return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, RowResult]));
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return {};
    throw error;
  }
}

function render(rows: readonly Row[], results: Results): string {
  const head = [
    "# file-tailer beside other tailers",
    "",
    "Medians, ranges in brackets. Each measurement ran in a process of its own, round by round, so that noise hit all",
    "alike. The floor is an asynchronous `fs.read` loop with a 256 KiB buffer and `indexOf(10)` that decodes nothing;",
    "ratios to it hold on other machines more or less, times do not. GNU tail is read through a pipe, and its own",
    "memory and its CPU time while reading are not counted.",
    "",
    "The machine had two cores and other load: the ratio of the best rounds and that of CPU time say more than that of",
    "the median times. Private memory is the peak without mapped files, most of which are pages of the Node binary.",
  ].join("\n");
  const tables = rows.flatMap((row) => {
    const result = results[row.id];
    if (!result) return [];
    return [
      `${rowTable(row, result.measured)}\nNode ${result.node}, ${result.date}, \`${result.command}\`.\n`,
    ];
  });
  return `${head}\n\n${tables.join("\n")}`;
}

/** Puts the results of some rows into the files of a folder; other rows keep what they have. */
export async function writeResults(folder: string, rows: readonly Row[], results: Results): Promise<void> {
  await mkdir(folder, { recursive: true });
  const figures = join(folder, "file-tailer.jsonl");
  const all = { ...(await readResults(figures)), ...results };
  await writeFile(
    figures,
    Object.entries(all)
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join(""),
  );
  await writeFile(join(folder, "file-tailer.md"), render(rows, all));
}
