import type { V1Container } from "@kubernetes/client-node";
import type { AgentRunSpec } from "../agent-run-spec.ts";
import { agentRunScript } from "../script/agent-run.ts";

/**
 * The container's command: the constant script, its `$0`, and the agent CLI's arguments. Values are
 * arguments, never text of the script.
 */
export function podCommand(spec: Pick<AgentRunSpec, "command">): Required<Pick<V1Container, "command">> {
  return { command: ["/bin/sh", "-c", agentRunScript, "agent-run", ...spec.command].map(literal) };
}

/**
 * A text that reaches the container unchanged. Kubernetes turns `$(NAME)` into a variable's value and
 * `$$` into `$` in command, args and literal env values; doubling every `$` is the one way to say `$`.
 */
export function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}
