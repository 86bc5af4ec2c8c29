import { appendFile, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fileTailer, runScenario, SCENARIOS } from "../../../src/conformance/index.ts";
import { tailFile } from "../../../src/index.ts";
import { ext4, type Mount, overlay, tmpfs } from "./mounts.ts";

const MOUNTS: readonly Mount[] = [await tmpfs(), await ext4(), await overlay(["run.log"])];

afterAll(async () => {
  for (const mount of MOUNTS) if ("folder" in mount) await mount[Symbol.asyncDispose]();
});

for (const mount of MOUNTS) {
  const why = "why" in mount ? ` (skipped: ${mount.why})` : "";
  const folder = "folder" in mount ? mount.folder : "";
  describe.skipIf(why)(`on ${mount.name}${why}`, { concurrent: true }, () => {
    test.each(SCENARIOS)("$id: $title", async (scenario) => {
      const own = await mkdtemp(join(folder, `${scenario.id}-`));
      const verdict = await runScenario({ scenario, tailer: fileTailer, folder: own, patienceMs: 40_000 });
      expect(verdict).toEqual({ kind: "passed" });
    });
  });
}

const layered = MOUNTS.at(-1)!;

test.skipIf("why" in layered)(
  "a file of a lower layer is followed when the first write copies it up, which an open handle does not see",
  async () => {
    if (!("folder" in layered)) return;
    const path = join(layered.folder, "run.log");
    const tail = tailFile(path, { pollIntervalMs: 50 });
    const texts: string[] = [];
    for await (const batch of tail) {
      texts.push(...batch.map(({ text }) => text));
      if (texts.length === 1) await appendFile(path, "upper\n");
      if (texts.length === 2) break;
    }
    expect(texts).toEqual(["lower", "upper"]);
  },
);
