// The demo as a user starts it: a process of its own, in a temporary folder of its own.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { DemoEvent } from "../src/show/demo-event.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export interface DemoEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout, for `--json`. */
  readonly events: readonly DemoEvent[];
  /** What it left in its temporary folder. */
  readonly folders: readonly string[];
  /** Command lines of live processes that know that folder. */
  readonly processes: readonly string[];
  readonly elapsedMs: number;
}

export interface StartDemoOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: that of the test. */
  readonly umask?: number;
  /** Told each event of `--json` as it comes, with a way to send a signal to the demo. */
  readonly onEvent?: (event: DemoEvent, send: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the demo to its end. */
export async function startDemo({ args, env = {}, umask, onEvent }: StartDemoOptions): Promise<DemoEnd> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "demo-")));
  // Pods of a demo that runs as root pass through.
  await chmod(folder, 0o711);
  const { ANTHROPIC_API_KEY: _key, KUBECONFIG: _kubeconfig, ...inherited } = process.env;
  const startedAt = performance.now();
  const node = [process.execPath, "--conditions=@paperclip-k8s/source", main, ...args];
  const command = umask === undefined ? 'exec "$@"' : `umask ${umask.toString(8)}; exec "$@"`;
  const child = spawn("/bin/sh", ["-c", command, "demo", ...node], {
    env: { ...inherited, TMPDIR: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  const lines: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    onEvent?.(JSON.parse(line) as DemoEvent, (signal) => child.kill(signal));
  });
  const [code] = (await once(child, "close")) as [number | null];
  const folders = await readdir(folder);
  const processes = await processesThatKnow(folder);
  await rm(folder, { recursive: true, force: true });
  const events = args.includes("--json") ? lines.map((line) => JSON.parse(line) as DemoEvent) : [];
  const elapsedMs = performance.now() - startedAt;
  return { code, stdout: lines.join("\n"), stderr, events, folders, processes, elapsedMs };
}

/** Processes with the folder in their environment or arguments: every pod's have it. */
async function processesThatKnow(folder: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)("ps", ["axeww", "-o", "command"], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split("\n").filter((line) => line.includes(folder));
}

/** The events of one type. */
export function eventsOf<Type extends DemoEvent["type"]>(
  events: readonly DemoEvent[],
  type: Type,
): readonly Extract<DemoEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<DemoEvent, { type: Type }> => event.type === type);
}

/** What the proof says where nothing is left. */
export const nothing = { jobs: [], pods: [], secrets: [], files: [] };
