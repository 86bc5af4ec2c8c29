// Runs the real script under real shells, as an ordinary process or as PID 1 of a namespace.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import {
  type ExitRecord,
  emptyExitRecord,
  parseExitRecord,
  type RunFiles,
  runFiles,
} from "../../src/index.ts";
import { agentRunScript } from "../../src/script/agent-run.ts";
import { buildImages, type Image, RUN_DIRECTORY, removeImages, withinImage } from "./image.ts";

/** A shell, and whether the script is PID 1 there. */
export interface Place {
  readonly title: string;
  readonly shell: readonly [string, ...string[]];
  readonly isInit: boolean;
  /** An image and the user in it: the script is PID 1 of a container with a read-only root. */
  readonly pod?: { readonly image: Image; readonly uid: number };
}

export interface AgentOptions {
  readonly command: readonly [string, ...string[]];
  readonly prompt?: string;
  /** A run directory that exists already, with or without files. Default: a fresh one, as the host makes it. */
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly graceSec?: number;
  readonly uid?: number;
  /** A command that runs the script, as its arguments. */
  readonly within?: readonly string[];
}

export interface Ended {
  /** Exit code of the container's PID 1. */
  readonly code: number | null;
  readonly record: ExitRecord | null;
  /** Content of the run's files. */
  readonly stdout: Buffer;
  readonly stderr: string;
  /** What the container's log would show. */
  readonly log: Buffer;
  readonly errorLog: string;
  /** The container's termination message, in an image. */
  readonly terminationMessage: string;
}

const POD_UID = "0f1e2d3c-0000-4000-8000-000000000001";
const NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"] as const;
const started = new Set<ChildProcess>();
const folders: string[] = [];

let images: readonly Image[] = [];

export const isRoot = process.getuid?.() === 0;

/** Every shell of this machine in every way it can run; what is missing is printed, not hidden. */
export function places(): Place[] {
  const shells: (readonly [string, readonly [string, ...string[]]])[] = [
    ["dash", ["dash"]],
    ["busybox ash", ["busybox", "ash"]],
    ["bash", ["bash"]],
  ];
  const found = shells.filter(([name, argv]) => works([...argv, "-c", "exit 0"], name));
  const canBeInit = works([...NAMESPACE, "sh", "-c", "exit 0"], "PID 1 of a namespace (needs root)");
  return found.flatMap(([name, shell]) => [
    { title: `${name} as an ordinary process`, shell, isInit: false },
    ...(canBeInit ? [{ title: `${name} as PID 1`, shell, isInit: true }] : []),
  ]);
}

/** Every image of this machine, as root and as another user. */
export function pods(): Place[] {
  if (images.length === 0) images = buildImages();
  return images.flatMap((image) =>
    [0, 1000].map((uid) => ({
      title: `an image of nothing but ${image.name}, uid ${uid}`,
      shell: ["/bin/sh"] as const,
      isInit: true,
      pod: { image, uid },
    })),
  );
}

/** Whether the whole matrix is to run, which takes minutes, and not a sample of it. */
export const isWholeMatrix = process.env["AGENT_RUN_MATRIX"] === "full";

/** Runs `work` for each item, at most `limit` at a time: most of a run is waiting. */
export async function forAll<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  limit = 6,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

/** Runs the tests once for each place. */
export function describePlaces(title: string, tests: (place: Place) => void): void {
  describe.concurrent.each(places())(`${title}, $title`, tests);
}

function works(argv: readonly string[], what: string): boolean {
  const ok = spawnSync(argv[0]!, argv.slice(1)).status === 0;
  if (!ok) console.warn(`skipped: ${what} is not available here`);
  return ok;
}

/** A run directory, gone after the file's last test. */
export function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "agent-run-"));
  folders.push(directory);
  return directory;
}

/** Makes the files that the host makes before the Job is resumed, for the pod's user. */
export function makeHostFiles(directory: string, prompt = "", uid = 0): RunFiles {
  const files = runFiles({ directory, runId: "r1" });
  writeFileSync(files.stdout, "");
  writeFileSync(files.stderr, "");
  writeFileSync(files.exit, emptyExitRecord());
  writeFileSync(files.prompt, prompt);
  if (isRoot && uid > 0) {
    for (const path of [directory, files.stdout, files.stderr, files.exit, files.prompt])
      chownSync(path, uid, uid);
  }
  return files;
}

/** Starts the script with an agent CLI. */
export function startAgent(place: Place, options: AgentOptions) {
  const directory = options.directory ?? freshDirectory();
  const files = options.directory
    ? runFiles({ directory, runId: "r1" })
    : makeHostFiles(directory, options.prompt, place.pod?.uid);
  const terminationLog = join(freshDirectory(), "termination-log");
  writeFileSync(terminationLog, "");
  chmodSync(terminationLog, 0o666);
  const outer = [...(options.within ?? []), ...enclosure(place, directory, terminationLog)];
  const argv = [...outer, ...place.shell, "-c", agentRunScript, "agent-run"];
  const seen = place.pod ? runFiles({ directory: RUN_DIRECTORY, runId: "r1" }) : files;
  const child = spawn(argv[0]!, [...argv.slice(1), ...options.command], {
    // The images' entrance needs the machine's programs; the script finds its own behind them.
    env: {
      PATH: place.pod ? "/bin:/usr/bin:/usr/sbin" : process.env["PATH"],
      ...scriptEnvironment(seen, options),
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  started.add(child);
  const log = collect(child.stdout);
  const errorLog = collect(child.stderr);
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => {
      // Whatever a failed test left in its process group ends with it.
      endGroup(child);
      started.delete(child);
      resolve({
        code,
        record: parseExitRecord(textOf(files.exit)),
        stdout: Buffer.from(bytesOf(files.stdout)),
        stderr: textOf(files.stderr),
        log: Buffer.concat(log),
        errorLog: Buffer.concat(errorLog).toString(),
        terminationMessage: textOf(terminationLog),
      });
    });
  });
  return {
    files,
    child,
    ended,
    signal: (name: NodeJS.Signals) => process.kill(shellPid(place, child), name),
  };
}

/** Runs the script to its end. */
export function runAgent(place: Place, options: AgentOptions): Promise<Ended> {
  return startAgent(place, options).ended;
}

/** An agent CLI in shell text. */
export function sh(text: string, ...argv: string[]): [string, ...string[]] {
  return ["/bin/sh", "-c", text, "agent", ...argv];
}

/** Resolves when `ready` holds; looks every 10 ms, for at most ten seconds. */
export async function eventually(ready: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000; turn += 1) {
    if (ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("did not become true within ten seconds");
}

export function textOf(path: string): string {
  return bytesOf(path).toString();
}

export { POD_UID };

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** What is around the shell: nothing, a PID namespace, or a whole image. */
function enclosure(place: Place, directory: string, terminationLog: string): readonly string[] {
  if (place.pod) return withinImage({ ...place.pod, directory, terminationLog });
  return place.isInit ? NAMESPACE : [];
}

function scriptEnvironment(files: RunFiles, options: AgentOptions): Record<string, string> {
  return {
    AGENT_RUN_STDOUT: files.stdout,
    AGENT_RUN_STDERR: files.stderr,
    AGENT_RUN_EXIT: files.exit,
    AGENT_RUN_STARTED: files.started,
    AGENT_RUN_PROMPT: files.prompt,
    AGENT_RUN_POD_UID: POD_UID,
    AGENT_RUN_GRACE_SEC: String(options.graceSec ?? 20),
  };
}

function collect(stream: NodeJS.ReadableStream): Buffer[] {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

/** The shell itself: behind `unshare` it is a child. */
function shellPid(place: Place, child: ChildProcess): number {
  if (!place.isInit) return child.pid!;
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
  // Nothing would be 0, and a signal to 0 goes to everybody here.
  if (children === "") throw new Error("the script has ended: nobody is left to be signalled");
  return Number(children);
}

/** Each script leads a process group. */
function endGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    // Nobody is left: what is wanted.
  }
}

afterAll(() => {
  for (const child of started) endGroup(child);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  removeImages(images);
});
