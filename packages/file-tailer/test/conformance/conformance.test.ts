import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type FollowRequest,
  fileTailer,
  runScenario,
  SCENARIOS,
  type TailerAdapter,
  type Verdict,
} from "../../src/conformance/index.ts";

async function verdictOf(id: string, tailer: TailerAdapter, patienceMs?: number): Promise<Verdict> {
  const scenario = SCENARIOS.find((one) => one.id === id)!;
  const folder = await mkdtemp(join(tmpdir(), "file-tailer-conformance-"));
  try {
    return await runScenario({
      scenario,
      tailer,
      folder,
      ...(patienceMs === undefined ? {} : { patienceMs }),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("file-tailer passes", { concurrent: true }, () => {
  test.each(SCENARIOS)("$id: $title", async ({ id }) => {
    expect(await verdictOf(id, fileTailer, 20_000)).toEqual({ kind: "passed" });
  });
});

/** A tailer that reads the whole file at each look, and can be wrong in ways that are often met. */
function naive(cut: (whole: string, state: { offset: number }) => string[]): TailerAdapter {
  return {
    name: "naive",
    follow({ path, pollIntervalMs, onLine }: FollowRequest) {
      const state = { offset: 0 };
      const look = async (): Promise<void> => {
        if ((await stat(path).catch(() => undefined)) === undefined) return;
        for (const line of cut(await readFile(path, "utf8"), state)) onLine(line);
      };
      const timer = setInterval(() => void look(), pollIntervalMs);
      return { stop: async () => clearInterval(timer) };
    },
  };
}

const byOffset = naive((whole, state) => {
  const lines = whole.slice(state.offset).split("\n");
  lines.pop();
  for (const line of lines) state.offset += line.length + 1;
  return lines;
});
const repeating = naive((whole) => whole.split("\n").slice(0, -1));
const trimming = naive((whole, state) => {
  const lines = whole.slice(state.offset).split("\n").filter(Boolean);
  state.offset = whole.length;
  return lines;
});

describe("a tailer that is wrong fails", { concurrent: true }, () => {
  test.each([
    { how: "keeps its offset", tailer: byOffset, id: "truncated-regrown", reason: "missing" },
    { how: "keeps its offset", tailer: byOffset, id: "replaced-same-length", reason: "missing" },
    { how: "keeps its offset", tailer: byOffset, id: "rotation-last-lines", reason: "false_text" },
    { how: "repeats itself", tailer: repeating, id: "existing", reason: "doubled" },
    { how: "leaves empty lines out", tailer: trimming, id: "empty-lines", reason: "missing" },
    { how: "delivers pieces", tailer: trimming, id: "pieces", reason: "false_text" },
  ] as const)("$id if it $how", async ({ tailer, id, reason }) => {
    expect(await verdictOf(id, tailer, 600)).toMatchObject({ kind: "failed", reason });
  });

  test("with its error if it gives up", async () => {
    const tailer: TailerAdapter = {
      name: "giving up",
      follow: ({ onError }) => {
        onError(new Error("no more"));
        return { stop: async () => {} };
      },
    };
    expect(await verdictOf("existing", tailer)).toEqual({ kind: "failed", reason: "error", why: "no more" });
  });

  test("nothing that it does not offer", async () => {
    expect(await verdictOf("no-newline", byOffset)).toEqual({ kind: "not_offered" });
  });
});
