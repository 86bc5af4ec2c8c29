// The scripts that can be asked for by name: on the command line, or in a prompt.
import type { ModelCall } from "../model/scripted-model.ts";
import type { Step } from "../model/step.ts";
import { agentOf, agentTools, type ScriptedAgent } from "./agent-tools.ts";
import { toolUsingScript } from "./tool-using-script.ts";

const hour = 3_600;

function scriptsFor(agent: ScriptedAgent): Readonly<Record<string, readonly Step[]>> {
  return {
    hello: [{ kind: "text", text: "Hello. Nothing else to do." }],
    tools: toolUsingScript({ agent }),
    thinking: [{ kind: "thinking", thinking: "Two and two. That is four.", text: "Four." }],
    long: [{ kind: "long_text", length: 1_400_000 }],
    slow: [
      { kind: "text", text: "Slowly, word by word, to the end.", pace: { chunkLength: 4, betweenMs: 1_000 } },
    ],
    silent: [{ kind: "text", text: "After a silence.", pace: { silenceMs: 180_000, pingEveryMs: 10_000 } }],
    /** A command that works for ten minutes and prints: to be cancelled, timed out, or re-attached to. */
    busy: [
      {
        kind: "tool",
        ...agentTools[agent].shell(
          "i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo tick $i; sleep 1; done",
          "Count for ten minutes",
          600_000,
        ),
      },
      { kind: "text", text: "Counted." },
    ],
    unauthorized: [{ kind: "api_error", status: 401, message: "invalid x-api-key" }],
    overloaded: [{ kind: "api_error", status: 529, message: "Overloaded" }],
    "rate-limited": [
      { kind: "api_error", status: 429, message: "Rate limited", headers: { "retry-after": String(hour) } },
    ],
    cut: [{ kind: "cut", text: "This answer will not be fin" }],
    refusal: [{ kind: "refusal" }],
    "max-tokens": [{ kind: "max_tokens", text: "This answer is too long for the limit" }],
    /** Fails twice, then answers: what a retry is for. */
    flaky: [
      {
        kind: "attempts",
        steps: [
          { kind: "api_error", status: 529 },
          { kind: "api_error", status: 529 },
          { kind: "text", text: "At the third try." },
        ],
      },
    ],
  };
}

const scriptsByAgent = { claude: scriptsFor("claude"), opencode: scriptsFor("opencode") };

/** Every named script. Each calls the tools of the agent that asks. */
export const namedScripts: Readonly<Record<string, (call: ModelCall) => Step>> = Object.fromEntries(
  Object.keys(scriptsByAgent.claude).map((name) => [name, (call) => stepOf(name, call)]),
);

/**
 * Chooses a named script by a mark in the prompt, `[script:tools]`; without one, `fallback`.
 * One server can so play every scenario of a suite, for both agents.
 *
 * @param fallback - name of the script for prompts without a mark. Default `hello`.
 */
export function scriptByPrompt(fallback = "hello"): (call: ModelCall) => Step {
  return (call) => {
    const name = /\[script:([\w-]+)\]/.exec(call.prompt)?.[1] ?? fallback;
    const script = namedScripts[name];
    return script?.(call) ?? { kind: "text", text: `There is no script named ${name}.` };
  };
}

function stepOf(name: string, call: ModelCall): Step {
  const steps = scriptsByAgent[agentOf(call.request)][name];
  return steps?.[call.index] ?? { kind: "text", text: "That was all." };
}
