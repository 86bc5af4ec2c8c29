// The situations that are recorded with the real Claude Code: what the model answers, how the CLI is called.
import { type Script, toolUsingScript } from "@paperclip-k8s/offline-agents";
import type { Situation } from "./record-situations.ts";

/** One recording of Claude Code. */
export interface ClaudeSituation extends Situation {
  /** Tries after a failed API call. Default 1. */
  readonly maxRetries?: number;
}

const text = (answer: string): Script => [{ kind: "text", text: answer }];
const apiError = (status: number, message: string, headers: Record<string, string> = {}): Script => [
  { kind: "api_error", status, message, headers },
];
const bash = (command: string) =>
  ({ kind: "tool", name: "Bash", input: { command, description: "Try" } }) as const;

/** A moment far away, so that the recordings do not depend on today: 2100-01-01T00:00:00Z, in seconds. */
const reset = "4102444800";
const subscription = { ANTHROPIC_API_KEY: "", CLAUDE_CODE_OAUTH_TOKEN: "offline-token" };

const endings: readonly ClaudeSituation[] = [
  { name: "text", script: text("A plain answer.") },
  { name: "tools", script: toolUsingScript() },
  {
    name: "tool-error",
    script: [bash("echo partial; ls ./missing-folder"), { kind: "text", text: "The folder is not there." }],
  },
  {
    name: "parallel-tools",
    script: [
      {
        kind: "blocks",
        blocks: [
          { type: "tool_use", name: "Bash", input: { command: "echo one", description: "One" } },
          { type: "tool_use", name: "Bash", input: { command: "echo two", description: "Two" } },
        ],
      },
      { kind: "text", text: "Both." },
    ],
  },
  { name: "thinking", script: [{ kind: "thinking", thinking: "Two and two.\nFour.", text: "Four." }] },
  { name: "long-output", script: [{ kind: "long_text", length: 60_000 }] },
  {
    name: "unicode",
    script: text('Grüße 👩‍👩‍👧 — 你好, \u2028 a line separator, \u0000 a NUL, "quotes" and \\ backslashes.'),
  },
  { name: "partial-messages", script: toolUsingScript(), args: ["--include-partial-messages"] },
  { name: "empty-answer", script: [{ kind: "blocks", blocks: [] }] },
  {
    name: "printed-errors",
    script: [
      bash("echo 'No conversation found with session ID: 1. rate limit, overloaded_error 529'; exit 1"),
      { kind: "text", text: "Session not found. Please run /login. 429 rate limit. Prompt is too long." },
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
              name: "Agent",
              input: {
                description: "Ask",
                prompt: "[sub] Say it.",
                subagent_type: "general-purpose",
                run_in_background: false,
              },
            } as const,
            { kind: "text", text: "The subagent has said it." } as const,
          ][call.index] ?? { kind: "text", text: "" }),
  },
  { name: "max-turns", script: [bash("echo 1"), bash("echo 2"), bash("echo 3")], args: ["--max-turns", "2"] },
  {
    name: "max-budget",
    script: [bash("echo 1"), bash("echo 2"), { kind: "text", text: "Too late." }],
    args: ["--max-budget-usd", "0.0001"],
  },
  {
    name: "structured-output-missed",
    script: Array.from({ length: 12 }, () => ({ kind: "text", text: "No object." }) as const),
    args: [
      "--json-schema",
      '{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}',
    ],
  },
  {
    name: "hooks",
    script: [bash("echo hooked"), { kind: "text", text: "Hooked." }],
    args: [
      "--include-hook-events",
      "--settings",
      JSON.stringify({
        hooks: {
          PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "echo from the hook" }] }],
        },
      }),
    ],
  },
  { name: "output-limit", script: [{ kind: "max_tokens", text: "This does not fit" }] },
  { name: "refusal", script: [{ kind: "refusal" }] },
  { name: "session-first", script: toolUsingScript() },
  { name: "session-resumed", script: text("I remember."), resumes: "session-first" },
  {
    name: "compacted",
    script: text("<summary>They greeted each other.</summary>"),
    prompt: "/compact",
    resumes: "session-first",
  },
  { name: "session-resumed-error", script: apiError(529, "Overloaded"), resumes: "session-first" },
  { name: "unknown-session", script: [], args: ["--resume", "11111111-2222-4333-8444-555555555555"] },
  { name: "invalid-session", script: [], args: ["--resume", "not a session"] },
  { name: "root-refused", script: [], env: { IS_SANDBOX: "" } },
  { name: "unknown-option", script: [], args: ["--no-such-option"] },
  {
    name: "killed",
    script: [bash("echo before"), { kind: "text", text: "never", pace: { silenceMs: 60_000 } }],
    killAt: "tool_result",
  },
  {
    name: "terminated",
    script: [bash("echo before"), { kind: "text", text: "never", pace: { silenceMs: 60_000 } }],
    killAt: "tool_result",
    killSignal: "SIGTERM",
  },
  {
    name: "terminated-in-tool",
    script: [bash("echo before; sleep 20; echo after"), { kind: "text", text: "never" }],
    killAt: "tool_use",
    killSignal: "SIGTERM",
  },
  {
    name: "background",
    script: (call) =>
      JSON.stringify(call.request.messages).includes("task-notification")
        ? { kind: "text", text: "The background work is done." }
        : ([
            {
              kind: "tool",
              name: "Bash",
              input: { command: "sleep 2; echo late", description: "Wait", run_in_background: true },
            } as const,
          ][call.index] ?? { kind: "text", text: "Started." }),
  },
  { name: "session-resumed-after-term", script: text("Still here."), resumes: "terminated-in-tool" },
  { name: "session-resumed-after-kill", script: text("Still here."), resumes: "killed" },
];

const failures: readonly ClaudeSituation[] = [
  { name: "not-logged-in", script: [], env: { ANTHROPIC_API_KEY: "" } },
  { name: "api-401", script: apiError(401, "invalid x-api-key") },
  { name: "api-401-subscription", script: apiError(401, "OAuth token has expired"), env: subscription },
  { name: "api-403", script: apiError(403, "Request not allowed") },
  {
    name: "api-404-model",
    script: apiError(404, "model: no-such-model"),
    args: ["--model", "no-such-model"],
  },
  {
    name: "api-400-credit",
    script: apiError(400, "Your credit balance is too low to access the Anthropic API."),
  },
  { name: "api-400-other", script: apiError(400, "messages.0: something is wrong") },
  {
    name: "api-400-previous-message",
    script: apiError(
      400,
      "diagnostics.previous_message_id: must be the `id` from a prior `/v1/messages` response",
    ),
  },
  {
    name: "api-400-image",
    script: apiError(400, "messages.1.content.0.image.source.base64: Could not process image"),
  },
  {
    name: "api-400-tool-pairs",
    script: apiError(
      400,
      "messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1",
    ),
  },
  {
    name: "api-400-thinking",
    script: apiError(400, "messages.1.content.0: Invalid `signature` in `thinking` block"),
  },
  { name: "context-overflow", script: apiError(400, "prompt is too long: 210000 tokens > 200000 maximum") },
  { name: "api-413", script: apiError(413, "Request exceeds the maximum size") },
  {
    name: "api-429-retry-after",
    script: apiError(429, "This request would exceed your rate limit", { "retry-after": "3600" }),
  },
  {
    name: "api-429-subscription",
    script: apiError(429, "This request would exceed your account's rate limit", {
      "anthropic-ratelimit-unified-status": "rejected",
      "anthropic-ratelimit-unified-reset": reset,
      "anthropic-ratelimit-unified-representative-claim": "five_hour",
      "anthropic-ratelimit-unified-overage-status": "rejected",
      "retry-after": "3600",
    }),
    env: subscription,
  },
  {
    name: "limits-told",
    script: [
      {
        kind: "text",
        text: "Near the limit.",
        headers: {
          "anthropic-ratelimit-unified-status": "allowed_warning",
          "anthropic-ratelimit-unified-reset": reset,
          "anthropic-ratelimit-unified-representative-claim": "five_hour",
          "anthropic-ratelimit-unified-5h-utilization": "0.92",
          "anthropic-ratelimit-unified-5h-reset": reset,
          "anthropic-ratelimit-unified-5h-surpassed-threshold": "0.9",
          "anthropic-ratelimit-unified-7d-utilization": "0.41",
          "anthropic-ratelimit-unified-7d-reset": reset,
        },
      },
    ],
    env: subscription,
  },
  { name: "api-500", script: apiError(500, "Internal server error") },
  { name: "api-529", script: apiError(529, "Overloaded") },
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
  { name: "stream-cut", script: [{ kind: "cut", text: "This is cut in the mid" }] },
  { name: "error-event", script: [{ kind: "error_event", text: "This ends in an ", message: "Overloaded" }] },
  {
    name: "unreachable",
    script: [],
    env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:9" },
    maxRetries: 10,
    killAt: '"attempt":2',
  },
];

/** Every situation, in an order in which a resumed one comes after the one that it resumes. */
export const situations: readonly ClaudeSituation[] = [...endings, ...failures];
