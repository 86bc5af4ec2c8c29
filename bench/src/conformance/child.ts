// One scenario with one tailer, in a process of its own: some tailers throw where nobody can catch it, or never
// give the event loop back.
import { runScenario, SCENARIOS, type Verdict } from "@paperclip-k8s/file-tailer/conformance";
import type { TailerId } from "../tailers/load-tailer.ts";
import { adapt } from "./adapt.ts";

const [id = "", tailer = "", folder = ""] = process.argv.slice(2);

function end(verdict: Verdict): void {
  process.stdout.write(JSON.stringify(verdict), () => process.exit(0));
}

function failed(error: unknown): void {
  end({ kind: "failed", reason: "error", why: error instanceof Error ? error.message : String(error) });
}

process.on("uncaughtException", failed);
const scenario = SCENARIOS.find((one) => one.id === id);
if (!scenario) throw new Error(`There is no scenario ${id}`);
adapt(tailer as TailerId)
  .then((adapter) => runScenario({ scenario, tailer: adapter, folder, patienceMs: 8000 }))
  .then(end, failed);
