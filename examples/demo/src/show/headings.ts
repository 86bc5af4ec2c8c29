import type { StageDescription } from "../stage/stage.ts";
import { wrapWords } from "./gutter.ts";
import type { Layout } from "./terminal.ts";

const LABEL = 10;

/** What the runs take place on. */
export function stageLines(stage: StageDescription, { paint, width }: Layout): readonly string[] {
  const isSandbox = stage.cluster === "kube-sandbox";
  const rows = [
    ["cluster", isSandbox ? `kube-sandbox at ${stage.server}; its pods are processes here` : stage.server],
    [
      "agent",
      `Claude Code, ${stage.model === "live" ? "with the real model API" : "the real one; its model is scripted"}`,
    ],
    ["pods", `namespace ${stage.namespace} · image ${stage.image}`],
    ["volume", `claim ${stage.claim}, shared by all pods and this host`],
  ] as const;
  const lines = rows.flatMap(([label, text]) =>
    wrapWords(text, width - LABEL - 2).map(
      (line, at) => `  ${paint.dim((at === 0 ? label : "").padEnd(LABEL))}${line}`,
    ),
  );
  return ["", `  ${paint.bold("paperclip-k8s")}`, "", ...lines];
}

/** The beginning of a run: a rule with its name, and the task. */
export function headingLines(
  run: { readonly run: number; readonly task: string; readonly resumes: string | null },
  { paint, width }: Layout,
): readonly string[] {
  const what = run.resumes === null ? "a fresh session" : `resumes session ${run.resumes.slice(0, 8)}`;
  const title = ` Run ${run.run} · ${what} `;
  const rule = "─".repeat(Math.max(2, width - title.length - 4));
  const task = wrapWords(run.task, width - 6).map((line, at) =>
    paint.dim(`  ${at === 0 ? ">" : " "} ${line}`),
  );
  return ["", `${paint.dim("──")}${paint.bold(title)}${paint.dim(rule)}`, "", ...task, ""];
}
