import type { Figures } from "../measure/task.ts";
import { loadTailer, type TailerId } from "../tailers/load-tailer.ts";
import type { Bench, Measured, Row } from "./row.ts";

/** Takes all measurements of a row, round by round. A tailer that fails is left out of the later rounds. */
export async function runRow(row: Row, bench: Bench): Promise<readonly Measured[]> {
  const round = await row.prepare(bench);
  const wanted = row.tailers.filter((id) => !bench.only || id === "floor" || bench.only.includes(id));
  const runs = new Map<TailerId, Figures[]>(wanted.map((id) => [id, []]));
  const failed = new Map<TailerId, string>();
  for (let repeat = 1; repeat <= bench.repeats; repeat++) {
    bench.progress(`${row.id}: round ${repeat} of ${bench.repeats}`);
    for (const [id, outcome] of await round(wanted.filter((id) => !failed.has(id)))) {
      if (outcome.ok) runs.get(id)?.push(outcome.figures);
      else failed.set(id, outcome.why);
    }
  }
  const measured: Measured[] = [];
  for (const tailer of wanted) {
    const why = failed.get(tailer);
    const { name } = await loadTailer(tailer);
    measured.push({ tailer, name, runs: runs.get(tailer) ?? [], ...(why === undefined ? {} : { why }) });
  }
  return measured;
}
