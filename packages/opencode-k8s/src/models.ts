import type { AgentModel } from "@paperclip-k8s/adapter-core";

/** The models that the form offers; any other may be typed, as `provider/model`. */
export const models: readonly AgentModel[] = [
  { id: "anthropic/claude-opus-5", label: "Claude Opus 5 (Anthropic)" },
  { id: "anthropic/claude-sonnet-5", label: "Claude Sonnet 5 (Anthropic)" },
  { id: "anthropic/claude-sonnet-4-5", label: "Claude Sonnet 4.5 (Anthropic)" },
  { id: "anthropic/claude-haiku-4-5", label: "Claude Haiku 4.5 (Anthropic)" },
];
