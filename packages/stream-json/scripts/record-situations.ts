// What recording one CLI has in common with recording the other.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type OfflineRun,
  type RunOfflineOptions,
  type Script,
  startScriptedModel,
} from "@paperclip-k8s/offline-agents";

/** One recording. */
export interface Situation {
  readonly name: string;
  readonly script: Script;
  readonly prompt?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Continues the session of this earlier recording, in its folders. */
  readonly resumes?: string;
  /** The CLI is killed when its stdout or stderr holds this, a second later: it writes its session with a delay. */
  readonly killAt?: string;
  /** Default `SIGKILL`. */
  readonly killSignal?: NodeJS.Signals;
}

/** The folders of a recording. */
export interface Places {
  readonly home: string;
  readonly cwd: string;
}

/** What differs between the CLIs. */
export interface RecordOptions<S extends Situation> {
  readonly situations: readonly S[];
  /** The folder that gets the files `<name>.ndjson`, `.stderr` and `.exit`. */
  readonly target: URL;
  /** Names of the situations to record; none: all. */
  readonly wanted: readonly string[];
  run(situation: S, options: RunOfflineOptions): Promise<OfflineRun>;
  /** Finds the session in the output. */
  readonly sessionId: RegExp;
  /** The option that resumes it. */
  readonly resumeOption: string;
  sanitizer(places: Places): (text: string) => string;
}

/** Records the situations, one after the other. */
export async function recordSituations<S extends Situation>(options: RecordOptions<S>): Promise<void> {
  const { situations, target, wanted } = options;
  const sessions = new Map<string, string>();
  const folder = await mkdtemp(join(tmpdir(), "record-"));
  await mkdir(target, { recursive: true });
  for (const situation of situations) {
    const { name } = situation;
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const place = situation.resumes ?? name;
    const places = { home: join(folder, place, "home"), cwd: join(folder, place, "cwd") };
    const resumed = situation.resumes === undefined ? undefined : sessions.get(situation.resumes);
    const run = await record(options, situation, places, resumed);
    sessions.set(name, options.sessionId.exec(run.stdout)?.[1] ?? "");
    await save(target, name, run, options.sanitizer(places));
    console.log(`${name}: exit ${run.exitCode ?? run.signal}, ${run.stdout.length} characters`);
  }
  await rm(folder, { recursive: true, force: true });
}

async function record<S extends Situation>(
  options: RecordOptions<S>,
  situation: S,
  places: Places,
  resumed: string | undefined,
): Promise<OfflineRun> {
  await using model = await startScriptedModel({ script: situation.script, idPrefix: situation.name });
  const killer = new AbortController();
  const watch = (chunk: string): void => {
    if (situation.killAt !== undefined && chunk.includes(situation.killAt))
      setTimeout(() => killer.abort(), 1_000);
  };
  const resume = resumed === undefined ? [] : [options.resumeOption, resumed];
  // Awaited here: the model would otherwise be gone before the CLI asks it.
  return await options.run(situation, {
    baseUrl: model.url,
    prompt: situation.prompt ?? "Do what the script says.",
    ...places,
    args: [...resume, ...(situation.args ?? [])],
    env: situation.env ?? {},
    signal: killer.signal,
    killSignal: situation.killSignal ?? "SIGKILL",
    onStdout: watch,
    onStderr: watch,
  });
}

async function save(
  target: URL,
  name: string,
  run: OfflineRun,
  sanitize: (text: string) => string,
): Promise<void> {
  await writeFile(new URL(`${name}.ndjson`, target), sanitize(run.stdout));
  await writeFile(new URL(`${name}.stderr`, target), sanitize(run.stderr));
  await writeFile(new URL(`${name}.exit`, target), `${run.exitCode ?? run.signal}\n`);
}
