// What the runs cost, side by side.
import type { RequestKinds } from "../run/count-requests.ts";
import type { RunFigures } from "../run/figures.ts";
import type { Layout } from "./terminal.ts";

/** A row: its name, and the lines of each run's cell. */
interface Row {
  readonly label: string;
  readonly cells: readonly (readonly string[])[];
}

const LABEL = 16;
/** A session's id and a gap. */
const CELL = 38;

/** The table of one run or two. */
export function tableLines(runs: readonly RunFigures[], { paint, width }: Layout): readonly string[] {
  const cell = Math.max(CELL, Math.min(48, Math.floor((width - LABEL - 2) / 2)));
  const rows = rowsOf(runs).flatMap(({ label, cells }) => {
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) => {
      const texts = cells
        .map((lines) => (lines[line] ?? "").padEnd(cell))
        .join("")
        .trimEnd();
      return `  ${paint.dim((line === 0 ? label : "").padEnd(LABEL))}${line === 0 ? texts : paint.dim(texts)}`.trimEnd();
    });
  });
  const heads = runs
    .map(({ run }) => `Run ${run}`.padEnd(cell))
    .join("")
    .trimEnd();
  const rule = paint.dim(`──${"─".repeat(width - 4)}`);
  return ["", rule, "", `  ${" ".repeat(LABEL)}${paint.bold(heads)}`, ...rows];
}

function rowsOf(runs: readonly RunFigures[]): readonly Row[] {
  const row = (label: string, cell: (figures: RunFigures, at: number) => string): Row => ({
    label,
    cells: runs.map((figures, at) => [cell(figures, at)]),
  });
  return [
    row("outcome", ({ outcome }) => outcome),
    row("session", ({ sessionId }, at) =>
      sessionText(sessionId, at === 0 ? null : (runs[0]?.sessionId ?? null)),
    ),
    row("tokens", tokensText),
    row("cost", ({ costUsd }) => dollars(costUsd)),
    row("session's cost", ({ sessionCostUsd }) => dollars(sessionCostUsd)),
    row("time in all", ({ totalMs }) => duration(totalMs)),
    row("until it ran", ({ untilRunningMs }) => duration(untilRunningMs)),
    row("after its end", ({ afterEndMs }) => duration(afterEndMs)),
    ...requestRows(runs),
  ];
}

function sessionText(sessionId: string | null, first: string | null): string {
  if (sessionId === null) return "none";
  return sessionId === first ? "the same, resumed" : sessionId;
}

function tokensText({ tokens }: RunFigures): string {
  if (tokens === null) return "not told";
  const cached = tokens.cached === 0 ? "" : ` (and ${tokens.cached} cached)`;
  return `${tokens.input} in${cached}, ${tokens.output} out`;
}

function requestRows(runs: readonly RunFigures[]): readonly Row[] {
  if (runs.some(({ requests }) => requests === null)) return [];
  return [
    { label: "API requests", cells: runs.map(({ requests }) => kindLines(requests?.run ?? {})) },
    { label: "once at start", cells: runs.map(({ requests }) => kindLines(requests?.start ?? {})) },
  ];
}

/** The sum, then each kind. */
function kindLines(kinds: RequestKinds): readonly string[] {
  const entries = Object.entries(kinds);
  const sum = entries.reduce((total, [, count]) => total + count, 0);
  return [String(sum), ...entries.map(([kind, count]) => (count === 1 ? kind : `${kind} × ${count}`))];
}

function dollars(amount: number | null): string {
  return amount === null ? "not told" : `$${amount.toFixed(4)}`;
}

function duration(ms: number | null): string {
  if (ms === null) return "not known";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
