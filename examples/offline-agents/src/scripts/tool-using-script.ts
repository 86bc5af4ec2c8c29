import type { Step } from "../model/step.ts";
import { agentTools, type ScriptedAgent } from "./agent-tools.ts";

/** What `toolUsingScript` lets a caller set. */
export interface ToolUsingScriptOptions {
  /** The words that go through the shell and the file. Default `hello from the pod`. Letters, digits, spaces. */
  readonly words?: string;
  /** File that is written in the cwd, read, and removed again. Default `greeting.txt`. */
  readonly file?: string;
  /** The last answer. */
  readonly closing?: string;
  /** Time between two deltas of the texts, in ms, for a demo that can be watched. Default 0. */
  readonly betweenMs?: number;
  /** Whose tools are called. Default `claude`. */
  readonly agent?: ScriptedAgent;
}

/** The agent thinks, runs a command, writes a file, reads it back, and says so: three tool calls, all inside the cwd. */
export function toolUsingScript(options: ToolUsingScriptOptions = {}): readonly Step[] {
  const { words = "hello from the pod", file = "greeting.txt", betweenMs = 0 } = options;
  if (!/^[\w .-]+$/.test(words) || !/^[\w.-]+$/.test(file)) {
    throw new Error(
      "words and file may hold letters, digits, dots and dashes only: they go through a shell.",
    );
  }
  const tools = agentTools[options.agent ?? "claude"];
  const pace = { betweenMs, chunkLength: betweenMs > 0 ? 12 : 2_000 };
  return [
    {
      kind: "blocks",
      pace,
      blocks: [
        { type: "thinking", thinking: "First the shell, then a file." },
        { type: "text", text: "I start with the shell." },
        { type: "tool_use", ...tools.shell(`echo "${words}"`, "Print the greeting") },
      ],
    },
    {
      kind: "tool",
      pace,
      text: "Now I write it to a file.",
      ...tools.write(file, `${words}\n`),
    },
    {
      kind: "tool",
      pace,
      text: "And read it back.",
      // Removed again, so that the next run in the same folder can write it.
      ...tools.shell(`cat ${file} && rm ${file}`, "Read the file, then remove it"),
    },
    { kind: "text", pace, text: options.closing ?? `Done: the shell and the file both say "${words}".` },
  ];
}
