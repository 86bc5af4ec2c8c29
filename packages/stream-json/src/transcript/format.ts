import { describeToolCall } from "./describe-tool-call.ts";
import type { TranscriptEntry } from "./entry.ts";
import { clip, shorten, wrap } from "./layout.ts";
import { printable } from "./printable.ts";

/** How an entry is printed. */
export interface FormatTranscriptOptions {
  /** ANSI colours. Default false. */
  readonly color?: boolean;
  /** Columns, counted as code points. Default 80; at least 20. */
  readonly width?: number;
  /** Lines that are shown of a tool result. Default 4. */
  readonly resultLines?: number;
}

type Style = "plain" | "dim" | "bold" | "red" | "green" | "yellow";

const codes: Readonly<Record<Exclude<Style, "plain">, string>> = {
  dim: "2",
  bold: "1",
  red: "31",
  green: "32",
  yellow: "33",
};

/**
 * An entry as text for a terminal, without a newline at its end; lines never exceed the width, and control
 * characters of the agent do not get through.
 */
export function formatTranscriptEntry(entry: TranscriptEntry, options: FormatTranscriptOptions = {}): string {
  const width = Math.max(20, options.width ?? 80);
  const nested = "nested" in entry && entry.nested;
  const indent = (nested ? "  " : "") + (entry.kind === "tool_result" ? "  " : "");
  const { mark, style, lines } = parts(entry, width - indent.length - 2, options.resultLines ?? 4);
  return lines
    .map((line, at) => `${indent}${at === 0 ? mark : " ".repeat(mark.length)} ${line}`.trimEnd())
    .map((line) => (options.color && style !== "plain" ? `\u001b[${codes[style]}m${line}\u001b[0m` : line))
    .join("\n");
}

interface Parts {
  readonly mark: string;
  readonly style: Style;
  readonly lines: readonly string[];
}

function parts(entry: TranscriptEntry, width: number, resultLines: number): Parts {
  switch (entry.kind) {
    case "init":
      return one("▸", "dim", clip(printable(`session ${entry.sessionId} · ${entry.model}`), width));
    case "text":
      return { mark: "●", style: "plain", lines: wrap(printable(entry.text), width) };
    case "thinking":
      return { mark: "✻", style: "dim", lines: wrap(printable(entry.text), width) };
    case "user":
      return { mark: ">", style: "dim", lines: shorten(printable(entry.text), resultLines, width) };
    case "tool_call":
      return one("●", "bold", toolCall(entry.name, entry.input, width));
    case "tool_result":
      return {
        mark: "⎿",
        style: entry.isError ? "red" : "dim",
        lines: shorten(printable(entry.text) || "(no output)", resultLines, width),
      };
    case "notice":
      return { mark: "!", style: noticeStyles[entry.level], lines: wrap(printable(entry.text), width) };
    case "result":
      return entry.isError ? failed(entry, width) : one("✔", "green", clip(`done${summary(entry)}`, width));
    case "raw":
      return { mark: "|", style: "dim", lines: shorten(printable(entry.text), resultLines, width) };
  }
}

const noticeStyles = { info: "dim", warning: "yellow", error: "red" } as const;

function one(mark: string, style: Style, line: string): Parts {
  return { mark, style, lines: [line.replaceAll("\n", " ")] };
}

function toolCall(name: string, input: unknown, width: number): string {
  const head = printable(name).replaceAll("\n", " ");
  const about = printable(describeToolCall(input)).replaceAll("\n", " ");
  return about === ""
    ? clip(head, width)
    : clip(`${head}(${clip(about, Math.max(1, width - head.length - 2))})`, width);
}

function failed(entry: Extract<TranscriptEntry, { kind: "result" }>, width: number): Parts {
  // The CLI calls most failures a success, and has told the reason in a notice before.
  const why = entry.subtype === "success" ? "" : `: ${entry.subtype}`;
  const head = clip(printable(`failed${why}${summary(entry)}`), width);
  return { mark: "✖", style: "red", lines: [head, ...shorten(printable(entry.text), 1, width)] };
}

function summary({
  usage,
  costUsd,
  turns,
  durationMs,
}: Extract<TranscriptEntry, { kind: "result" }>): string {
  const input = usage.inputTokens + usage.cacheCreationTokens + usage.cacheReadTokens;
  return [
    "",
    ...(turns === undefined ? [] : [`${turns} ${turns === 1 ? "turn" : "turns"}`]),
    ...(durationMs === undefined ? [] : [`${(durationMs / 1_000).toFixed(1)} s`]),
    `${input} tokens in, ${usage.outputTokens} out`,
    ...(costUsd === undefined ? [] : [`$${costUsd.toFixed(4)}`]),
  ].join(" · ");
}
