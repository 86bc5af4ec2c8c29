// Plays the conformance suite with the package as it is shipped; prints the verdicts as JSON.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileTailer, runScenario, SCENARIOS } from "@paperclip-k8s/file-tailer/conformance";

const verdicts = await Promise.all(
  SCENARIOS.map(async (scenario) => {
    const folder = await mkdtemp(join(tmpdir(), "file-tailer-compat-"));
    try {
      const verdict = await runScenario({ scenario, tailer: fileTailer, folder, patienceMs: 30_000 });
      return [scenario.id, verdict];
    } finally {
      await rm(folder, { recursive: true });
    }
  }),
);
process.stdout.write(JSON.stringify({ node: process.version, verdicts }));
