import { adapters } from "./agents.ts";
import type { Stage } from "./open-stage.ts";
import { type AgentRunReport, type RunAgentOptions, runAgent } from "./run-agent.ts";

/** Runs a shell script as an agent. */
export type RunShell = (prompt: string, more?: Partial<RunAgentOptions>) => Promise<AgentRunReport>;

/** Runs scripts on a stage, with its config and a grace period that nobody waits long for. */
export function shellOn(stage: () => Stage): RunShell {
  return (prompt, more = {}) =>
    runAgent({
      adapter: adapters.shell(),
      prompt,
      ...more,
      config: { ...stage().config, graceSec: 5, ...more.config },
    });
}
