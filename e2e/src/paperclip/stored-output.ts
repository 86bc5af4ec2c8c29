// What the host stored of a run, held against what its agent CLI wrote.
import { link, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { LogLine } from "./api/run-log.ts";
import { chunksOf } from "./host-redaction.ts";

/** Holds every output file on a volume beyond the clean-up of its run. */
export interface StoredOutput extends AsyncDisposable {
  /** The names of the files that are held. */
  kept(): readonly string[];
  /**
   * Whether the host's log of a run is, chunk by chunk, its own redaction of what the agent CLI wrote; a sentence where
   * it is not, undefined where the run has no file of its own that could be kept: it followed an orphan, or the volume
   * is on another file system.
   */
  compare(runId: string, log: readonly LogLine[]): Promise<true | string | undefined>;
}

const LOOK_EVERY_MS = 100;
const STREAMS = { stdout: "ndjson", stderr: "stderr" } as const;

/** Looks for the files of runs ten times a second, and gives each a second name. */
export async function watchStoredOutput(options: {
  /** The root of the volume. */
  readonly volume: string;
  /** What the host makes of a chunk before it stores it. */
  readonly redact: (chunk: string) => string;
}): Promise<StoredOutput> {
  const { redact } = options;
  const runLogs = join(options.volume, "instances/default/run-logs");
  const folder = await mkdtemp(join(tmpdir(), "paperclip-k8s-output-"));
  const kept = new Set<string>();
  let closed = false;
  let looking = Promise.resolve();
  const look = async (): Promise<void> => {
    const files = await readdir(runLogs, { recursive: true }).catch(() => []);
    for (const file of files.filter((name) => /\.pod\.(ndjson|stderr)$/.test(name) && !kept.has(name))) {
      const isKept = await link(join(runLogs, file), join(folder, basename(file))).then(
        () => true,
        () => false,
      );
      if (isKept) kept.add(file);
    }
    if (!closed) setTimeout(again, LOOK_EVERY_MS);
  };
  const again = (): void => {
    looking = look();
  };
  again();

  const names = () => [...kept].map((file) => basename(file));

  /** Of all attempts of a run, the first one first. */
  async function written(runId: string, ending: string): Promise<string | undefined> {
    const files = names().filter((name) => name.startsWith(`${runId}.`) && name.endsWith(`.pod.${ending}`));
    if (files.length === 0) return undefined;
    // `<runId>.pod.…` comes behind `<runId>.2.pod.…`, but for its length.
    files.sort((a, b) => a.length - b.length || a.localeCompare(b));
    return (await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")))).join("");
  }

  return {
    kept: names,
    async compare(runId, log) {
      for (const [stream, ending] of Object.entries(STREAMS)) {
        const text = await written(runId, ending);
        if (text === undefined) return undefined;
        const stored = log
          .filter((line) => line.stream === stream && !line.chunk.startsWith("[paperclip] "))
          .map(({ chunk }) => chunk);
        const expected = chunksOf(text).map(redact);
        if (!isDeepStrictEqual(stored, expected)) return differenceOf(stream, stored, expected);
      }
      return true;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await looking;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function differenceOf(stream: string, stored: readonly string[], expected: readonly string[]): string {
  const first = expected.findIndex((chunk, index) => chunk !== stored[index]);
  const at = first === -1 ? expected.length : first;
  const shown = (chunk: string | undefined) => JSON.stringify(chunk?.slice(0, 200));
  return `${stream}: ${stored.length} chunks are stored of ${expected.length}; chunk ${at} is ${shown(stored[at])} instead of ${shown(expected[at])}`;
}
