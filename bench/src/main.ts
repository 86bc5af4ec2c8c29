import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCommandLine, USAGE } from "./command-line.ts";
import { buildChild } from "./measure/build-child.ts";
import { type RowResult, writeResults } from "./report/results-file.ts";
import { rowTable } from "./report/row-table.ts";
import { READING_ROWS } from "./rows/reading-rows.ts";
import type { Bench, Row } from "./rows/row.ts";
import { runRow } from "./rows/run-row.ts";
import { WAITING_ROWS } from "./rows/waiting-rows.ts";

const ROWS: readonly Row[] = [...READING_ROWS, ...WAITING_ROWS];
const HOME = join(import.meta.dirname, "..");

async function main(args: readonly string[]): Promise<void> {
  const request = readCommandLine(args);
  if (request.help) return void process.stdout.write(USAGE);
  const unknown = request.rows.find((id) => !ROWS.some((row) => row.id === id));
  if (unknown !== undefined) throw new Error(`--row: there is no ${unknown}`);
  const folder = join(tmpdir(), "paperclip-k8s-bench");
  await mkdir(folder, { recursive: true });
  const bench: Bench = {
    folder,
    program: await buildChild(),
    repeats: request.repeats,
    bytes: request.mib * 2 ** 20,
    idleMs: request.idleSeconds * 1000,
    only: request.tailers,
    progress: (text) => process.stderr.write(`${text}\n`),
  };
  for (const row of ROWS) {
    if (request.rows.length > 0 && !request.rows.includes(row.id)) continue;
    const measured = await runRow(row, bench);
    process.stdout.write(`${rowTable(row, measured)}\n`);
    const command = `npx pnpm@12 bench ${args.join(" ")}`.trim();
    const result: RowResult = {
      node: process.version,
      date: new Date().toISOString().slice(0, 10),
      command,
      measured,
    };
    if (request.write) await writeResults(join(HOME, "results"), ROWS, { [row.id]: result });
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
