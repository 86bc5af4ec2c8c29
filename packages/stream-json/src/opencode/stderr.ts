import { parseEvent } from "../parse-event.ts";
import { defined, readNumber, readObject, readString } from "../read-json.ts";
import { readLogLine } from "./log-line.ts";

/** What a line of OpenCode's stderr tells. */
export type OpenCodeStderrEvent =
  /** `--print-logs`: a call of the model failed. */
  | {
      readonly kind: "call_failed";
      /** The API's own type, where the stream told it. */
      readonly type?: string;
      readonly message: string;
      readonly model?: string;
      readonly sessionId?: string;
      /** A call beside the conversation, such as for a title: its failure does not stop the run. */
      readonly isAside: boolean;
    }
  /** `openCodeStatusPlugin`: where a session stands. */
  | {
      readonly kind: "status";
      readonly status: string;
      readonly sessionId?: string;
      /** Of `retry`: which try failed, from 1, why, and when the next one comes, in ms since the epoch. */
      readonly attempt?: number;
      readonly message?: string;
      readonly nextAt?: number;
    }
  /** `--print-logs`: the cause of an error event whose message is "Unexpected server error". */
  | { readonly kind: "cause"; readonly ref?: string; readonly name: string; readonly message: string }
  /** `--session` was given one that does not exist. */
  | { readonly kind: "unknown_session"; readonly message: string }
  | { readonly kind: "other"; readonly text: string };

/** Reads a line of stderr. Never throws. Tools do not write there, but plugins and MCP servers may. */
export function readOpenCodeStderr(line: string): OpenCodeStderrEvent {
  return readStatus(line) ?? readLog(line) ?? readPlain(line);
}

function readStatus(line: string): OpenCodeStderrEvent | undefined {
  if (!line.startsWith('{"type":"session.status"')) return undefined;
  const event = parseEvent(line);
  if (event.kind !== "json") return undefined;
  const { sessionID, status } = readObject(event.value["properties"]);
  const { type, attempt, message, next } = readObject(status);
  return {
    kind: "status",
    status: readString(type) ?? "",
    ...defined({
      sessionId: readString(sessionID),
      attempt: readNumber(attempt),
      message: readString(message),
      nextAt: readNumber(next),
    }),
  };
}

function readLog(line: string): OpenCodeStderrEvent | undefined {
  const words = readLogLine(line);
  if (words?.get("level") !== "ERROR") return undefined;
  const message = words.get("message");
  if (message === "stream error") {
    const text = words.get("error.error.message") ?? words.get("error.error") ?? "";
    return {
      kind: "call_failed",
      message: withoutClass(text) || "the call failed",
      isAside: words.get("small") === "true",
      ...defined({
        type: words.get("error.error.type"),
        model: words.get("modelID"),
        sessionId: words.get("session.id"),
      }),
    };
  }
  const error = words.get("error");
  if (message !== "failed" || error === undefined) return undefined;
  const name = /^(\w+Error): /.exec(error)?.[1] ?? "Error";
  return { kind: "cause", name, message: withoutClass(error), ...defined({ ref: words.get("ref") }) };
}

/** The one failure that is told in words only: alone on its line, in colour. */
function readPlain(line: string): OpenCodeStderrEvent {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colour is what is taken out.
  const text = line.replace(/\u001b\[[\d;]*m/g, "").trim();
  if (text === "Error: Session not found") return { kind: "unknown_session", message: "Session not found" };
  return { kind: "other", text };
}

/** The class of the error in front, its repetition as a cause, and the runtime's hint for programmers say nothing to people. */
function withoutClass(message: string): string {
  const text = message.replace(/^\w*Error: /, "");
  const told = text.endsWith(")") ? before(text, " (cause: ") : text;
  return before(told, " For more information, pass `verbose: true`");
}

/** Not by a regexp, which looks to the end of the text from each place where the words begin. */
function before(text: string, words: string): string {
  const at = text.indexOf(words);
  return at === -1 ? text : text.slice(0, at);
}
