import type { Figures } from "../measure/task.ts";
import type { Column, Measured, Row } from "../rows/row.ts";
import { median } from "./median.ts";

function valuesOf(
  { figure, toFloor }: Column,
  runs: readonly Figures[],
  floor: readonly Figures[],
): number[] {
  // Round by round: a ratio is of two measurements that were taken one after the other.
  return runs.map(
    (run, i) => (run[figure] ?? Number.NaN) / (toFloor ? (floor[i]?.[figure] ?? Number.NaN) : 1),
  );
}

function best({ figure }: Column, runs: readonly Figures[]): number {
  return Math.min(...runs.map((run) => run[figure] ?? Number.NaN));
}

function cell(column: Column, { runs, why }: Measured, floor: readonly Figures[]): string {
  if (runs.length === 0) return why ?? "";
  if (column.best) return (best(column, runs) / best(column, floor)).toFixed(column.digits);
  const values = valuesOf(column, runs, floor);
  const text = (value: number): string => value.toFixed(column.digits);
  const range = `${text(Math.min(...values))} to ${text(Math.max(...values))}`;
  return runs.length === 1 ? text(values[0] ?? 0) : `${text(median(values))} (${range})`;
}

/** A tailer that failed after some rounds must not look like one that did not. */
function nameOf({ name, runs, why }: Measured): string {
  const rounds = runs.length === 1 ? "round" : "rounds";
  return why !== undefined && runs.length > 0 ? `${name} (${runs.length} ${rounds}, then: ${why})` : name;
}

/** A row's table in Markdown: the medians, and the ranges in brackets. */
export function rowTable(row: Row, measured: readonly Measured[]): string {
  const floor = measured.find(({ tailer }) => tailer === "floor")?.runs ?? [];
  const lines = [
    `### ${row.title}`,
    "",
    `\`--row ${row.id}\`; target: ${row.target}.`,
    "",
    `| | ${row.columns.map(({ title }) => title).join(" | ")} |`,
    `| --- |${" --- |".repeat(row.columns.length)}`,
    ...measured.map(
      (one) => `| ${nameOf(one)} | ${row.columns.map((column) => cell(column, one, floor)).join(" | ")} |`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
