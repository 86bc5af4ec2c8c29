import { GUTTER, withTime, wrapWords } from "./gutter.ts";
import type { Layout } from "./terminal.ts";

interface Phase {
  readonly atMs: number;
  readonly phase: string;
  readonly message: string;
  readonly pod: string | null;
}

/** A phase in words, without the pod's name, which is long and random. */
export function phaseWords({ message, pod }: Pick<Phase, "message" | "pod">): string {
  return pod === null ? message : message.replace(` (pod ${pod})`, "");
}

/** A phase of the pod; its name stands on a line of its own, once, when it runs. */
export function phaseLines(phase: Phase, layout: Layout): readonly string[] {
  const { paint, width } = layout;
  const isRunning = phase.phase === "running";
  const mark = isRunning ? "◆" : "◇";
  const words = wrapWords(phaseWords(phase), width - GUTTER - 2);
  const lines = words.map((line, at) => paint.cyan(`${at === 0 ? mark : " "} ${line}`));
  const pod = isRunning && phase.pod !== null ? [paint.dim(`  ${phase.pod}`)] : [];
  return withTime([...lines, ...pod], phase.atMs, layout);
}

/** A remark of the adapter's, or the reason of a failure. */
export function noticeLines(
  notice: { readonly atMs: number; readonly message: string },
  layout: Layout,
): readonly string[] {
  const { paint, width } = layout;
  const words = wrapWords(notice.message, width - GUTTER - 2);
  const lines = words.map((line, at) => paint.yellow(`${at === 0 ? "!" : " "} ${line}`));
  return withTime(lines, notice.atMs, layout);
}

const cancelWords = {
  not_started: ["green", "✔", "Cancelled before a run was started."],
  requested: ["yellow", "!", "Cancelling; waiting for the agent's end."],
  waiting: ["yellow", "!", "Still waiting for the agent's end, so that nothing is left behind."],
  confirmed: ["green", "✔", "Cancelled: the agent's end is confirmed."],
  unconfirmed: ["red", "✖", "Cancelled, but the agent's end could not be confirmed: its files stay."],
  too_late: ["yellow", "!", "The run was over before it could be cancelled."],
} as const;

/** Where a cancel stands. */
export type CancelState = keyof typeof cancelWords;

/** Tells where a cancel stands, below the `^C` that a terminal shows. */
export function cancelLines(state: CancelState, { paint }: Layout): readonly string[] {
  const [color, mark, words] = cancelWords[state];
  const line = " ".repeat(GUTTER) + paint[color](`${mark} ${words}`);
  return state === "requested" || state === "waiting" ? ["", line] : [line];
}
