// Text for people, line by line as things happen.
import type { DemoEvent, Show } from "./demo-event.ts";
import { headingLines, stageLines } from "./headings.ts";
import { createPaint, type Paint } from "./paint.ts";
import { cancelLines, noticeLines, phaseLines, phaseWords } from "./phases.ts";
import { proofLines } from "./proof.ts";
import { tableLines } from "./table.ts";
import { stderrLines, transcriptLines } from "./transcript.ts";

/** How text is laid out. */
export interface Layout {
  /** Columns. */
  readonly width: number;
  readonly color: boolean;
  readonly paint: Paint;
}

const NARROWEST = 72;
const WIDEST = 120;

/** Writes events as text. `width` is asked each time: a window may change. */
export function createTerminalShow(options: {
  readonly write: (text: string) => void;
  readonly width: () => number;
  readonly color: boolean;
}): Show {
  const { write, width, color } = options;
  const paint = createPaint(color);
  let last = "";
  return (event) => {
    if (event.type === "phase") {
      const words = `${event.run} ${phaseWords(event)}`;
      // It comes again when the pod's name is known.
      if (words === last) return;
      last = words;
    }
    const layout = { width: Math.min(WIDEST, Math.max(NARROWEST, width())), color, paint };
    const lines = linesOf(event, layout);
    if (lines.length > 0) write(`${lines.join("\n")}\n`);
  };
}

function linesOf(event: DemoEvent, layout: Layout): readonly string[] {
  switch (event.type) {
    case "stage":
      return stageLines(event, layout);
    case "run":
      return headingLines(event, layout);
    case "phase":
      return phaseLines(event, layout);
    case "notice":
      return noticeLines(event, layout);
    case "transcript":
      return transcriptLines(event, layout);
    case "stderr":
      return stderrLines(event, layout);
    case "result":
      return event.error === null || event.outcome === "cancelled"
        ? []
        : noticeLines({ atMs: event.totalMs, message: event.error }, layout);
    case "cancel":
      return cancelLines(event.state, layout);
    case "table":
      return tableLines(event.runs, layout);
    case "proof":
      return proofLines(event, layout);
  }
}
