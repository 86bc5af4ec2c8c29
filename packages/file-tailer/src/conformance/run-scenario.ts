// Plays a scenario on real files.
import { appendFile, copyFile, open, rename, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Conforming, TailerAdapter } from "./adapter.ts";
import type { Content, Scenario, Step } from "./scenario.ts";
import { judge, type Verdict } from "./verdict.ts";

/** How a scenario is run. Times are in ms. */
export interface RunOptions {
  readonly scenario: Scenario;
  readonly tailer: TailerAdapter;
  /** An empty folder for the scenario's files. */
  readonly folder: string;
  /** Where the tailer sees that folder, if not at the same place. */
  readonly view?: string;
  /** Between looks. Default 50. */
  readonly pollIntervalMs?: number;
  /** How long lines may take to come. Default 5000. */
  readonly patienceMs?: number;
}

const NAME = "followed.log";

interface Stage {
  readonly options: RunOptions;
  /** The file, as its writer names it. */
  readonly path: string;
  readonly pollIntervalMs: number;
  readonly patienceMs: number;
  readonly lines: string[];
  error: unknown;
  following: Conforming | undefined;
  links: number;
}

/** Runs a scenario; resolves to how it ended. Rejects only if the scenario itself cannot be played. */
export async function runScenario(options: RunOptions): Promise<Verdict> {
  const { scenario, folder, pollIntervalMs = 50, patienceMs = 5000 } = options;
  const path = join(folder, NAME);
  const stage: Stage = {
    options,
    path,
    pollIntervalMs,
    patienceMs,
    lines: [],
    error: undefined,
    following: undefined,
    links: 0,
  };
  try {
    for (const step of scenario.steps) {
      if (step.do === "finish" && !stage.following?.finish) return { kind: "not_offered" };
      await play(stage, step);
    }
    await untilDelivered(stage, scenario.expected.length);
    // What comes again comes soon.
    await sleep(pollIntervalMs * 6);
    return judge(scenario, stage.lines, stage.error);
  } finally {
    await stage.following?.stop();
  }
}

async function play(stage: Stage, step: Step): Promise<void> {
  const { path, pollIntervalMs } = stage;
  switch (step.do) {
    case "follow":
      stage.following = follow(stage);
      return;
    case "delivered":
      return untilDelivered(stage, step.lines);
    case "pause":
      return sleep(step.polls * pollIntervalMs);
    case "finish":
      return finish(stage);
    case "append":
      return appendFile(path, step.content);
    case "append_renamed":
      return appendFile(`${path}.1`, step.content);
    case "rename":
      return rename(path, `${path}.1`);
    case "delete":
      return rm(path);
    case "link":
      return link(stage, step.content);
    default:
      return rewrite(path, step);
  }
}

async function rewrite(
  path: string,
  step: Extract<Step, { do: "replace" | "truncate" | "copy_truncate" | "overwrite" }>,
): Promise<void> {
  switch (step.do) {
    case "replace":
      await writeFile(`${path}.new`, step.content);
      return rename(`${path}.new`, path);
    case "truncate":
      return writeFile(path, step.content);
    case "copy_truncate":
      await copyFile(path, `${path}.copy`);
      return truncate(path);
    case "overwrite": {
      const handle = await open(path, "r+");
      await handle.write(Buffer.from(step.content as string), 0, undefined, 0);
      return handle.close();
    }
  }
}

function follow(stage: Stage): Conforming {
  const { options, path, pollIntervalMs, lines } = stage;
  return options.tailer.follow({
    path: options.view === undefined ? path : join(options.view, NAME),
    pollIntervalMs,
    onLine: (line) => lines.push(line),
    onError: (error) => {
      stage.error ??= error;
    },
  });
}

async function finish({ following, path, patienceMs }: Stage): Promise<void> {
  const { size } = await stat(path);
  await Promise.race([following?.finish?.(size), sleep(patienceMs, undefined, { ref: false })]);
}

async function link(stage: Stage, content: Content): Promise<void> {
  const target = `${stage.path}.target-${++stage.links}`;
  await writeFile(target, content);
  await symlink(target, `${stage.path}.link`);
  await rename(`${stage.path}.link`, stage.path);
}

async function untilDelivered({ lines, patienceMs, ...stage }: Stage, count: number): Promise<void> {
  const end = performance.now() + patienceMs;
  while (lines.length < count && stage.error === undefined && performance.now() < end) await sleep(10);
}
