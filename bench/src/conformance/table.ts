import type { Scenario, Verdict } from "@paperclip-k8s/file-tailer/conformance";

/** What one tailer made of all scenarios. */
export interface Column {
  readonly name: string;
  readonly verdicts: readonly Verdict[];
}

const WORDS = {
  missing: "lines missing",
  doubled: "lines doubled",
  false_text: "false text",
  disordered: "wrong order",
  error: "gives up",
} as const;

function cell(verdict: Verdict | undefined): string {
  if (!verdict) return "";
  if (verdict.kind === "passed") return "yes";
  return verdict.kind === "not_offered" ? "not offered" : WORDS[verdict.reason];
}

/** The table in Markdown: a row for each scenario, a column for each tailer. */
export function conformanceTable(scenarios: readonly Scenario[], columns: readonly Column[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const count = ({ verdicts }: Column): string =>
    `${verdicts.filter(({ kind }) => kind === "passed").length} of ${scenarios.length}`;
  return [
    row(["what happens", ...columns.map(({ name }) => name)]),
    row(["---", ...columns.map(() => "---")]),
    ...scenarios.map(({ title }, i) => row([title, ...columns.map(({ verdicts }) => cell(verdicts[i]))])),
    row(["**passed**", ...columns.map(count)]),
    "",
  ].join("\n");
}
