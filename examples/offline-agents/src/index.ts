export { claudeBinary } from "./claude-binary.ts";
export { type OfflineClaudeEnvironmentOptions, offlineClaudeEnvironment } from "./claude-environment.ts";
export type {
  ConversationState,
  MessagesRequest,
  RequestBlock,
  RequestMessage,
} from "./model/conversation.ts";
export {
  type ModelCall,
  type RecordedRequest,
  type Script,
  type ScriptedModel,
  type ScriptedModelOptions,
  startScriptedModel,
} from "./model/scripted-model.ts";
export type { AnswerBlock, Pace, Step, StepUsage } from "./model/step.ts";
export { opencodeBinary } from "./opencode-binary.ts";
export {
  type OfflineOpenCodeOptions,
  offlineOpenCodeConfig,
  offlineOpenCodeEnvironment,
} from "./opencode-environment.ts";
export { currentPlatform, type Platform, platformBinary } from "./platform-binary.ts";
export { type RunOfflineClaudeOptions, runOfflineClaude } from "./run-claude.ts";
export type { OfflineRun, RunOfflineOptions } from "./run-cli.ts";
export { type RunOfflineOpenCodeOptions, runOfflineOpenCode } from "./run-opencode.ts";
export { type AgentTools, agentTools, type ScriptedAgent, type ToolCall } from "./scripts/agent-tools.ts";
export { namedScripts, scriptByPrompt } from "./scripts/named-scripts.ts";
export { type ToolUsingScriptOptions, toolUsingScript } from "./scripts/tool-using-script.ts";
