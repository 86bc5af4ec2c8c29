import { refuse } from "../error.ts";
import { isRunId } from "./path-syntax.ts";

/** Where the pod sees the shared volume unless configured otherwise. */
export const DEFAULT_HOME = "/paperclip";
/** The host's instance unless configured otherwise. */
export const DEFAULT_INSTANCE = "default";

/** The absolute paths of one attempt's files. */
export interface RunFiles {
  /** The agent CLI's stdout, byte for byte. */
  readonly stdout: string;
  /** Its stderr. */
  readonly stderr: string;
  /** The exit record. */
  readonly exit: string;
  /** Made by the pod that took the run; holds its UID. The host must not make it. */
  readonly started: string;
  /** Renewed by the host while it lives, where a lease is asked for. */
  readonly lease: string;
  /** A prompt that is too large for the Secret. */
  readonly prompt: string;
}

/**
 * The run directory relative to the volume's root.
 *
 * @param options.instance letters, digits, `-` and `_`
 * @throws JobManifestError (`invalid_id`) for an id that may not be part of a path
 */
export function runDirectory(options: {
  readonly instance: string;
  readonly companyId: string;
  readonly agentId: string;
}): string {
  const { instance, companyId, agentId } = options;
  if (!/^[a-zA-Z0-9_-]+$/.test(instance)) refusePath("instance", instance);
  requireId("companyId", companyId);
  requireId("agentId", agentId);
  return `instances/${instance}/run-logs/${companyId}/${agentId}`;
}

/**
 * The files of one attempt of a run. The second attempt's have its number in their names, so that
 * nothing of the first is ever appended to.
 *
 * @param options.directory the run directory as the reader sees it (host or pod)
 * @param options.attempt default 1
 * @throws JobManifestError (`invalid_id`)
 */
export function runFiles(options: {
  readonly directory: string;
  readonly runId: string;
  readonly attempt?: number;
}): RunFiles {
  const stem = `${options.directory}/${runFileStem(options.runId, options.attempt ?? 1)}`;
  return {
    stdout: `${stem}.ndjson`,
    stderr: `${stem}.stderr`,
    exit: `${stem}.exit.json`,
    started: `${stem}.started`,
    lease: `${stem}.lease`,
    prompt: `${stem}.prompt`,
  };
}

/** What all file names of one attempt begin with: `<runId>.pod`, or `<runId>.2.pod` and so on. */
export function runFileStem(runId: string, attempt: number): string {
  requireId("runId", runId);
  return attempt > 1 ? `${runId}.${attempt}.pod` : `${runId}.pod`;
}

/**
 * The path of a run's stdout file.
 *
 * @param options.home where the volume is seen; default "/paperclip"
 * @param options.instance default "default"
 * @param options.attempt default 1
 * @throws JobManifestError (`invalid_id`, "Invalid companyId for log path: …")
 */
export function buildPodLogPath(
  companyId: string,
  agentId: string,
  runId: string,
  options: { readonly home?: string; readonly instance?: string; readonly attempt?: number } = {},
): string {
  const { home = DEFAULT_HOME, instance = DEFAULT_INSTANCE, attempt = 1 } = options;
  const directory = `${home}/${runDirectory({ instance, companyId, agentId })}`;
  return runFiles({ directory, runId, attempt }).stdout;
}

function requireId(field: string, value: string): void {
  if (!isRunId(value)) refusePath(field, value);
}

function refusePath(field: string, value: string): never {
  return refuse("invalid_id", field, `Invalid ${field} for log path: ${value}`);
}
