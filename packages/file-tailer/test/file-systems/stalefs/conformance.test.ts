import { mkdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileTailer, runScenario, SCENARIOS } from "../../../src/conformance/index.ts";
import { type Mounted, mountStalefs, STALEFS, WHY_SKIPPED } from "./mount-stalefs.ts";

const LIES = [
  { lies: "no lies", flags: [], without: [] },
  { lies: "a frozen size and short reads", flags: ["--stat-frozen", "--short-reads"], without: [] },
  {
    lies: "dead handles and a size that goes back and forth",
    flags: ["--needs-reopen", "--stat-backward", "0.2"],
    // What is added to a file that has lost its name can be seen by nobody who has to open it anew.
    without: ["rotation-last-lines"],
  },
  {
    lies: "errors",
    flags: ["--error", "ESTALE=0.03", "--error", "EIO=0.03"],
    // Nor by whoever has lost the handle to an error by then.
    without: ["rotation-last-lines"],
  },
] as const;

describe.skipIf(!STALEFS).each(LIES)(`on a file system with $lies${WHY_SKIPPED}`, ({ flags, without }) => {
  let mounted: Mounted;
  beforeAll(async () => {
    mounted = await mountStalefs(flags);
  });
  afterAll(() => mounted[Symbol.asyncDispose]());

  describe("each scenario is passed through it", { concurrent: true }, () => {
    test.each(SCENARIOS.filter(({ id }) => !(without as readonly string[]).includes(id)))(
      "$id: $title",
      async (scenario) => {
        const [folder, view] = [mounted.writerPath(scenario.id), mounted.readerPath(scenario.id)];
        await mkdir(folder);
        const verdict = await runScenario({ scenario, tailer: fileTailer, folder, view, patienceMs: 80_000 });
        expect(verdict).toEqual({ kind: "passed" });
      },
    );
  });
});
