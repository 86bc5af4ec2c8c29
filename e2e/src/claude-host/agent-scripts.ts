import { type ModelCall, type Step, scriptByPrompt, toolUsingScript } from "@paperclip-k8s/offline-agents";

/** As an agent does it: with the token, the ids and the address that the run has in its environment. */
const FINISH_ISSUE = String.raw`
url="$(printf %s "$PAPERCLIP_API_URL" | cut -d/ -f3)"
body='{"status":"done"}'
exec 3<>"/dev/tcp/$(printf %s "$url" | tr : /)"
printf '%s\r\n' "PATCH /api/issues/$PAPERCLIP_TASK_ID HTTP/1.0" "Host: $url" \
  "Authorization: Bearer $PAPERCLIP_API_KEY" "X-Paperclip-Run-Id: $PAPERCLIP_RUN_ID" \
  "Content-Type: application/json" "Content-Length: 17" "" >&3
printf %s "$body" >&3
head -n 1 <&3`;

/** Writes a line to the volume ten times a second until it is ended: whether it still lives can be seen from outside. */
const TICK = "for i in $(seq 6000); do echo $i >>/paperclip/ticks; sleep 0.1; done";
const COUNT = "for i in $(seq 20); do echo tick $i; sleep 1; done";

const bash = (command: string, description: string): Step => ({
  kind: "tool",
  name: "Bash",
  input: { command, description, timeout: 600_000 },
});

/** When the limit of `[script:quota]` ends: in about an hour, to the second. */
export const QUOTA_RESET = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000);

/** What agents on the real host do, beside the named scripts: by the same mark in the prompt, `[script:finish]`. */
const scripts: Readonly<Record<string, readonly Step[]>> = {
  /** Uses its tools, then sets its issue to done. */
  finish: [
    ...toolUsingScript().slice(0, -1),
    bash(FINISH_ISSUE, "Set the issue to done"),
    { kind: "text", text: "The greeting was read and the issue is done." },
  ],
  quota: [
    {
      kind: "api_error",
      status: 429,
      message: "This request would exceed your account's rate limit",
      headers: {
        "anthropic-ratelimit-unified-status": "rejected",
        "anthropic-ratelimit-unified-reset": String(QUOTA_RESET.getTime() / 1000),
        "anthropic-ratelimit-unified-representative-claim": "five_hour",
        "anthropic-ratelimit-unified-overage-status": "rejected",
        "retry-after": "3600",
      },
    },
  ],
  tick: [bash(TICK, "Write until ended")],
  count: [bash(COUNT, "Count for 20 seconds"), { kind: "text", text: "Counted to 20." }],
};

const named = scriptByPrompt();

/** The model of all agents on the real host. Without a mark the answer is a short text. */
export function agentScripts(call: ModelCall): Step {
  const steps = scripts[/\[script:([\w-]+)\]/.exec(call.prompt)?.[1] ?? ""];
  return steps === undefined ? named(call) : (steps[call.index] ?? { kind: "text", text: "That was all." });
}
