// What a thousand live runs cost the process that supervises them; the cluster is in a process of its own.
import { type ChildProcess, fork } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { heapInUse, liveRuns } from "../../../packages/job-supervisor/test/load/live-runs.ts";

const RUNS = 1000;
const HOME = join(import.meta.dirname, "..", "..");

interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
}

async function main(args: readonly string[]): Promise<void> {
  const quietMs = 1000 * Number(optionOf(args, "--quiet-seconds") ?? 60);
  const idle = fork(new URL("idle-process.ts", import.meta.url));
  await idleP99(idle);
  await using load = await liveRuns(RUNS);
  const before = heapInUse();
  await idleP99(idle);
  const launching = watchLoop();
  const launchCpu = process.cpuUsage();
  const began = performance.now();
  const runs = await load.launch(50);
  const launchSec = (performance.now() - began) / 1000;
  const launchP99 = launching.stop();
  const launchIdleP99 = await idleP99(idle);
  const perLaunch = process.cpuUsage(launchCpu);
  const cpuMsPerLaunch = (perLaunch.user + perLaunch.system) / 1000 / RUNS;
  const perRunKb = (heapInUse() - before) / RUNS / 1000;

  const requestsBefore = await load.requests();
  const cpuBefore = process.cpuUsage();
  await idleP99(idle);
  const quiet = watchLoop();
  await new Promise((resolve) => setTimeout(resolve, quietMs));
  const quietP99 = quiet.stop();
  const quietIdleP99 = await idleP99(idle);
  const cpu = process.cpuUsage(cpuBefore);
  const cpuMsPerMinute = ((cpu.user + cpu.system) / 1000 / quietMs) * 60_000;
  const inQuiet = (await load.requests()).slice(requestsBefore.length);
  const perMinute = (inQuiet.length / quietMs) * 60_000;
  process.stderr.write(`while nothing changed: ${inQuiet.join(", ") || "no request"}\n`);

  // One after the other, as on an idle cluster; then all that are left at once.
  const single = load.ids.slice(0, 100);
  for (const runId of single) {
    load.end([runId]);
    await runs.find((run) => run.run.identity.runId === runId)?.outcome;
  }
  const alone = { total: [...load.latencies.total], own: [...load.latencies.own] };
  const ending = watchLoop();
  load.end(load.ids.slice(single.length));
  const outcomes = await Promise.all(runs.map((run) => run.outcome));
  const other = outcomes.find(({ kind }) => kind !== "succeeded");
  if (other) throw new Error(`a run that should have succeeded is ${other.kind}: ${other.message}`);
  const endP99 = ending.stop();
  await Promise.all(runs.map((run) => run.cleanUp({ retainJob: false, patienceMs: 60_000 })));
  const perRun = (await load.requests()).filter((one) => !/^watch|list pods/.test(one)).length / RUNS;

  const figures: Figure[] = [
    figure("requests of a run, from launch to clean-up", perRun.toFixed(2), "5, and one list for all"),
    figure("requests a minute while nothing changes", perMinute.toFixed(2), "watches renewed: 0.4 at most"),
    figure("heap of a live run", `${perRunKb.toFixed(0)} KB`, "300 KB"),
    figure("event-loop delay, p99, runs live", beside(quietP99, quietIdleP99), "50 ms"),
    figure(
      `event-loop delay, p99, launching ${RUNS} (50 at once, ${launchSec.toFixed(0)} s)`,
      beside(launchP99, launchIdleP99),
      "50 ms",
    ),
    figure(
      `event-loop delay, p99, ${RUNS - single.length} ends at once`,
      `${endP99.toFixed(1)} ms`,
      "none set",
    ),
    figure("CPU time of a launch", `${cpuMsPerLaunch.toFixed(1)} ms`, "none set"),
    figure("CPU time of a minute, runs live", `${cpuMsPerMinute.toFixed(0)} ms`, "none set"),
    figure(
      "record written to outcome, one at a time, p50",
      `${quantile(alone.total, 0.5).toFixed(0)} ms`,
      "300 ms, files included",
    ),
    figure(
      "record written to outcome, one at a time, p95",
      `${quantile(alone.total, 0.95).toFixed(0)} ms`,
      "600 ms, files included",
    ),
    figure("of it the supervisor's own share, p50", `${quantile(alone.own, 0.5).toFixed(2)} ms`, "none set"),
    figure("of it the supervisor's own share, p95", `${quantile(alone.own, 0.95).toFixed(2)} ms`, "none set"),
  ];
  idle.disconnect();
  const text = report(figures, quietMs, args);
  process.stdout.write(text);
  if (args.includes("--write")) await writeFile(join(HOME, "results", "supervisor.md"), text);
}

function figure(what: string, measured: string, target: string): Figure {
  return { what, measured, target };
}

/** What an idle process beside this one was late by since it was last asked, p99 in ms. */
function idleP99(idle: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    idle.once("message", (value) => resolve(Number(value)));
    if (idle.connected) idle.send("how late?");
  });
}

function beside(own: number, idle: number): string {
  return `${own.toFixed(1)} ms (an idle process beside it: ${idle.toFixed(1)} ms)`;
}

/** The event loop's delay from now on; `stop` gives its 99th percentile in ms. */
function watchLoop(): { stop(): number } {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  return {
    stop: () => {
      histogram.disable();
      return histogram.percentile(99) / 1e6;
    },
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function optionOf(args: readonly string[], name: string): string | undefined {
  const index = args.indexOf(name);
  return index < 0 ? undefined : args[index + 1];
}

function report(figures: readonly Figure[], quietMs: number, args: readonly string[]): string {
  const rows = figures.map(({ what, measured, target }) => `| ${what} | ${measured} | ${target} |`);
  return `# job-supervisor with ${RUNS} live runs

Scripted pods in a kube-sandbox of another process on the same machine (${cpus().length} cores, other load); the
process that is measured has the supervisor and nothing else. Its run files are told of by messages: on a volume
the look at the record every 200 ms comes on top. Nothing changed for ${quietMs / 1000} s.

| what | measured | target |
| --- | --- | --- |
${rows.join("\n")}

Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, \`${["npx pnpm@12 --filter @paperclip-k8s/bench supervisor", ...args].join(" ")}\`
`;
}

await main(process.argv.slice(2));
