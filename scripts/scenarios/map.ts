import type { TestFile } from "./carried-ids.ts";
import type { ScenarioGroup } from "./list.ts";

/** The levels above the packages, by where their test files are. */
const ABOVE: readonly (readonly [title: string, place: RegExp])[] = [
  ["`claude_k8s`", /^packages\/claude-k8s\//],
  ["`opencode_k8s`", /^packages\/opencode-k8s\//],
  ["real cluster", /^e2e\/test\/(?:execute|faults|pod-protocol|kube-sandbox)\//],
  ["real host", /^e2e\/test\/paperclip\//],
];
const BELOW = "packages, sandbox";
/** Cheapest first. */
const LEVELS = [BELOW, ...ABOVE.map(([title]) => title)];

/** A table for each group: a row a scenario, and in a column for each level the files whose titles carry its id. */
export function scenarioMap(groups: readonly ScenarioGroup[], files: readonly TestFile[]): string {
  return groups.map((group) => `## ${group.title}\n\n${tableOf(group, files)}`).join("\n\n");
}

function tableOf({ scenarios }: ScenarioGroup, files: readonly TestFile[]): string {
  const head = ["id", "what happens", ...LEVELS];
  const rows = Object.entries(scenarios).map(([id, what]) => {
    const paths = files.filter(({ ids }) => ids.has(id)).map(({ path }) => path);
    return [id, what, ...LEVELS.map((level) => cellOf(paths.filter((path) => levelOf(path) === level)))];
  });
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function levelOf(path: string): string {
  return ABOVE.find(([, place]) => place.test(path))?.[0] ?? BELOW;
}

/** "file-tailer: a, lines/b", a line for each package; the adapters' own columns need no such names. */
function cellOf(paths: readonly string[]): string {
  const byPackage = Map.groupBy(paths, (path) => path.split("/test/")[0] ?? "");
  const lines = [...byPackage].map(([folder, own]) => `${packageName(folder)}${own.map(linkTo).join(", ")}`);
  return lines.join("<br>");
}

function packageName(folder: string): string {
  return /^packages\/(?:claude|opencode)-k8s$|^e2e$/.test(folder) ? "" : `${folder.split("/").at(-1)}: `;
}

/** A link from `docs`. */
function linkTo(path: string): string {
  const [, inside = ""] = path.split("/test/");
  return `[${inside.replace(/\.test\.ts$/, "")}](../${path})`;
}
