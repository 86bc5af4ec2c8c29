// The two tools that every script here is played with, as each agent calls them.
import type { MessagesRequest } from "../model/conversation.ts";

/** The agents that a script can be played for. */
export type ScriptedAgent = "claude" | "opencode";

/** A tool call as a step has it. */
export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What an agent calls its tools. */
export interface AgentTools {
  /** Runs a shell command, for `timeoutMs` at most (default: the agent's own bound). */
  shell(command: string, description: string, timeoutMs?: number): ToolCall;
  /** Writes a file in the cwd. */
  write(file: string, content: string): ToolCall;
}

/** The tools of each agent. */
export const agentTools: Readonly<Record<ScriptedAgent, AgentTools>> = {
  claude: tools({ shell: "Bash", write: "Write", path: "file_path" }),
  opencode: tools({ shell: "bash", write: "write", path: "filePath" }),
};

/** Which agent asks, by the tools that it offers. Claude where that cannot be told. */
export function agentOf(request: MessagesRequest): ScriptedAgent {
  return request.tools?.some((tool) => tool.name === "bash") ? "opencode" : "claude";
}

function tools(names: { readonly shell: string; readonly write: string; readonly path: string }): AgentTools {
  return {
    shell: (command, description, timeout) => ({
      name: names.shell,
      input: { command, description, ...(timeout === undefined ? {} : { timeout }) },
    }),
    write: (file, content) => ({ name: names.write, input: { [names.path]: file, content } }),
  };
}
