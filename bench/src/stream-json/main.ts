// bench/src/stream-json/main.ts [--repeats 5] [--mib 1024] [--write]: the reducers beside a bare JSON.parse loop.
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildChild } from "../measure/build-child.ts";
import { makeStream } from "./corpus.ts";
import type { Cli, Subject } from "./subject.ts";
import { type Figures, type Measured, resultsTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    repeats: { type: "string", default: "5" },
    mib: { type: "string", default: "1024" },
    write: { type: "boolean", default: false },
  },
});
const bytes = Number(values.mib) * 2 ** 20;
const folder = join(tmpdir(), "paperclip-k8s-bench");
await mkdir(folder, { recursive: true });
const program = await buildChild("stream-json/child.ts", "dist/stream-json");

const measured: Measured[] = [];
for (const cli of ["claude", "opencode"] as const) {
  const path = join(folder, `${cli}-${values.mib}.ndjson`);
  await makeStream(path, cli, bytes);
  measured.push(...measure(cli, path));
}
const date = new Date().toISOString().slice(0, 10);
const command = `pnpm --filter @paperclip-k8s/bench stream-json ${process.argv.slice(2).join(" ")}`.trim();
const table = resultsTable({ measured, bytes, command, date });
process.stdout.write(table);
if (values.write) await writeFile(new URL("../../results/stream-json.md", import.meta.url), table);

/** Round by round, so that noise hits all alike. */
function measure(cli: Cli, path: string): readonly Measured[] {
  const subjects: readonly Subject[] = ["empty", "parse", cli];
  const runs = new Map<Subject, Figures[]>(subjects.map((subject) => [subject, []]));
  for (let round = 1; round <= Number(values.repeats); round++) {
    process.stderr.write(`${cli}: round ${round} of ${values.repeats}\n`);
    for (const subject of subjects) {
      const figures = execFileSync(process.execPath, [program, subject, path], { encoding: "utf8" });
      runs.get(subject)?.push(JSON.parse(figures) as Figures);
    }
  }
  return subjects.map((subject) => ({ cli, subject, runs: runs.get(subject) ?? [] }));
}
