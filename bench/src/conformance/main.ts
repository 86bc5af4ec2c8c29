// Runs the conformance suite with all tailers, and prints the table. `--write` puts it into results/conformance.md.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SCENARIOS, type Verdict } from "@paperclip-k8s/file-tailer/conformance";
import { loadTailer, type TailerId } from "../tailers/load-tailer.ts";
import { type Column, conformanceTable } from "./table.ts";

const TAILERS: readonly TailerId[] = [
  "ours",
  "gnu-tail",
  "gnu-tail-polling",
  "logdna",
  "npm-tail",
  "npm-tail-watching",
  "naive",
];
const TIMEOUT_MS = 40_000;
const RESULTS = join(import.meta.dirname, "../../results/conformance.md");

async function verdictOf(scenario: string, tailer: TailerId): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    const args = [...process.execArgv, join(import.meta.dirname, "child.ts"), scenario, tailer, folder];
    return await new Promise((resolve) => {
      const options = { timeout: TIMEOUT_MS, killSignal: "SIGKILL", maxBuffer: 2 ** 26 } as const;
      execFile(process.execPath, args, options, (error, stdout) => {
        const why = error?.killed ? `not done within ${TIMEOUT_MS} ms` : (error?.message ?? "no answer");
        if (error || stdout === "")
          resolve({ kind: "failed", reason: error?.killed ? "missing" : "error", why });
        else resolve(JSON.parse(stdout) as Verdict);
      });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const columns: Column[] = [];
for (const tailer of TAILERS) {
  const { name } = await loadTailer(tailer);
  const verdicts: Verdict[] = [];
  for (const { id } of SCENARIOS) {
    const verdict = await verdictOf(id, tailer);
    verdicts.push(verdict);
    if (verdict.kind === "failed")
      process.stderr.write(`${name}: ${id}: ${verdict.reason}: ${verdict.why}\n`);
  }
  columns.push({ name, verdicts });
}
const table = conformanceTable(SCENARIOS, columns);
process.stdout.write(table);
if (values.write) {
  const date = new Date().toISOString().slice(0, 10);
  const how = `Node ${process.version}, ${date}, \`npx pnpm@12 --filter @paperclip-k8s/bench conformance --write\`, on ${process.platform}.`;
  await writeFile(
    RESULTS,
    `# Conformance\n\nScenarios on real files, each tailer polling every 50 ms where it can, each in a process of its own.\n\n${table}\n${how}\n`,
  );
}
