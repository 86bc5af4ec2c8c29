// The situations that are recorded with the real OpenCode: what the model answers, how the CLI is called.
import { agentTools, type Script, type Step, toolUsingScript } from "@paperclip-k8s/offline-agents";
import type { Situation } from "./record-situations.ts";

/** One recording of OpenCode. */
export interface OpenCodeSituation extends Situation {
  /** `provider/model`. */
  readonly model?: string;
}

const { shell } = agentTools.opencode;
const bash = (command: string): Step => ({ kind: "tool", ...shell(command, "Try") });
const says = (text: string): Script => [{ kind: "text", text }];
const refuses = (status: number, message: string, headers: Record<string, string> = {}): Script => [
  { kind: "api_error", status, message, headers },
];
const second = '"type":"retry","attempt":2';
const silent: Step = { kind: "text", text: "never", pace: { silenceMs: 60_000 } };

/** Refuses the conversation once; what OpenCode asks next is a summary of it, and then the rest. */
function tooLongAtFirst(): Script {
  let calls = 0;
  return () => {
    calls += 1;
    return calls === 1
      ? { kind: "api_error", status: 400, message: "prompt is too long: 210000 tokens > 200000 maximum" }
      : { kind: "text", text: calls === 2 ? "They greeted each other." : "After all." };
  };
}

const endings: readonly OpenCodeSituation[] = [
  { name: "text", script: says("A plain answer.") },
  { name: "tools", script: toolUsingScript({ agent: "opencode" }) },
  {
    name: "tool-error",
    script: [
      { kind: "tool", name: "read", input: { filePath: "missing.txt" } },
      { kind: "text", text: "The file is not there." },
    ],
  },
  {
    name: "command-failed",
    script: [bash("echo partial; exit 3"), { kind: "text", text: "It ended with 3." }],
  },
  {
    name: "parallel-tools",
    script: [
      {
        kind: "blocks",
        blocks: [
          { type: "tool_use", ...shell("echo one", "One") },
          { type: "tool_use", ...shell("echo two", "Two") },
        ],
      },
      { kind: "text", text: "Both." },
    ],
  },
  {
    name: "stop-with-tool",
    script: [
      {
        kind: "blocks",
        stopReason: "end_turn",
        blocks: [
          { type: "text", text: "I will do it." },
          { type: "tool_use", ...shell("echo half", "Half") },
        ],
      },
      { kind: "text", text: "Done." },
    ],
  },
  { name: "thinking", script: [{ kind: "thinking", thinking: "Two and two.\nFour.", text: "Four." }] },
  { name: "long-output", script: [{ kind: "long_text", length: 60_000 }] },
  {
    name: "long-tool-output",
    script: [bash("seq 1 20000"), { kind: "text", text: "Counted." }],
  },
  {
    name: "unicode",
    script: says('Grüße 👩‍👩‍👧 — 你好, \u2028 a line separator, \u0000 a NUL, "quotes" and \\ backslashes.'),
  },
  { name: "empty-answer", script: [{ kind: "blocks", blocks: [] }] },
  {
    name: "printed-errors",
    script: [
      bash("echo 'Error: Session not found. rate limit, overloaded_error 529'; exit 1"),
      {
        kind: "text",
        text: "Session not found. 429 rate limit. Prompt is too long. AI_APICallError: Overloaded",
      },
    ],
  },
  {
    name: "subagent",
    script: (call) =>
      call.prompt.includes("[sub]")
        ? { kind: "text", text: "From the subagent." }
        : ([
            {
              kind: "tool",
              name: "task",
              input: { description: "Ask", prompt: "[sub] Say it.", subagent_type: "general" },
            } as const,
            { kind: "text", text: "The subagent has said it." } as const,
          ][call.index] ?? { kind: "text", text: "" }),
  },
  { name: "output-limit", script: [{ kind: "max_tokens", text: "This does not fit" }] },
  { name: "refusal", script: [{ kind: "refusal" }] },
  { name: "session-first", script: toolUsingScript({ agent: "opencode" }) },
  { name: "session-resumed", script: says("I remember."), resumes: "session-first" },
  { name: "session-resumed-error", script: refuses(401, "invalid x-api-key"), resumes: "session-first" },
  { name: "unknown-session", script: [], args: ["--session", "ses_000000000000000000000000"] },
  { name: "invalid-session", script: [], args: ["--session", "not a session"] },
  { name: "unknown-option", script: [], args: ["--no-such-option"] },
  { name: "no-prompt", script: [], prompt: "" },
  { name: "killed", script: [bash("echo before"), silent], killAt: '"tool_use"' },
  { name: "terminated", script: [bash("echo before"), silent], killAt: '"tool_use"', killSignal: "SIGTERM" },
  { name: "session-resumed-after-kill", script: says("Still here."), resumes: "killed" },
  { name: "session-resumed-after-term", script: says("Still here."), resumes: "terminated" },
];

const failures: readonly OpenCodeSituation[] = [
  { name: "unknown-model", script: [], model: "anthropic/no-such-model" },
  { name: "unknown-provider", script: [], model: "nobody/no-such-model" },
  { name: "api-401", script: refuses(401, "invalid x-api-key") },
  { name: "api-403", script: refuses(403, "This key may not do that") },
  { name: "api-404-model", script: refuses(404, "model: claude-sonnet-4-5") },
  { name: "api-400-credit", script: refuses(400, "Your credit balance is too low to access the API.") },
  { name: "api-400-other", script: refuses(400, "messages.0: something is wrong") },
  {
    name: "api-400-tool-pairs",
    script: refuses(
      400,
      "messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1",
    ),
  },
  { name: "context-overflow", script: refuses(400, "prompt is too long: 210000 tokens > 200000 maximum") },
  { name: "context-compacted", script: tooLongAtFirst(), resumes: "session-first" },
  { name: "api-413", script: refuses(413, "Request exceeds the maximum size") },
  { name: "api-429", script: refuses(429, "This request would exceed your rate limit"), killAt: second },
  {
    name: "api-429-retry-after",
    script: refuses(429, "This request would exceed your rate limit", { "retry-after": "3600" }),
    killAt: '"type":"retry","attempt":1',
  },
  { name: "api-500", script: refuses(500, "Internal server error"), killAt: second },
  { name: "api-529", script: refuses(529, "Overloaded"), killAt: second },
  {
    name: "retried",
    script: [
      {
        kind: "attempts",
        steps: [
          { kind: "api_error", status: 529 },
          { kind: "text", text: "At the second try." },
        ],
      },
    ],
  },
  { name: "stream-cut", script: [{ kind: "cut", text: "This is cut in the mid" }], killAt: second },
  {
    name: "error-event",
    script: [{ kind: "error_event", text: "This ends in an ", message: "Overloaded" }],
    killAt: second,
  },
  {
    name: "unknown-reason",
    script: () => ({ kind: "blocks", blocks: [], stopReason: "for_no_reason" }),
    killAt: '"reason":"unknown"',
  },
  { name: "survived-error", script: says("Read the rest."), args: ["--file", "/bin/sh"] },
  {
    name: "unreachable",
    script: [],
    env: {
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        permission: { "*": "allow" },
        provider: { anthropic: { options: { baseURL: "http://127.0.0.1:9/v1", apiKey: "offline-key" } } },
      }),
    },
    killAt: "stream error",
  },
];

/** Every situation, in an order in which a resumed one comes after the one that it resumes. */
export const situations: readonly OpenCodeSituation[] = [...endings, ...failures];
