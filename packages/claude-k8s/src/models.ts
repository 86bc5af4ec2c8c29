import type { AgentModel } from "@paperclip-k8s/adapter-core";

/** The models that the form offers; any other name may be typed. The first three are the CLI's aliases for the latest. */
export const models: readonly AgentModel[] = [
  { id: "opus", label: "Claude Opus (latest)" },
  { id: "sonnet", label: "Claude Sonnet (latest)" },
  { id: "haiku", label: "Claude Haiku (latest)" },
  { id: "claude-opus-5", label: "Claude Opus 5" },
  { id: "claude-sonnet-5", label: "Claude Sonnet 5" },
  { id: "claude-opus-4-8", label: "Claude Opus 4.8" },
  { id: "claude-opus-4-6", label: "Claude Opus 4.6" },
  { id: "claude-sonnet-4-6", label: "Claude Sonnet 4.6" },
  { id: "claude-haiku-4-5", label: "Claude Haiku 4.5" },
];
