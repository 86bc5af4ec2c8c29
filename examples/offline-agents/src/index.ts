export { claudeBinary, type Platform } from "./claude-binary.ts";
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
export { type OfflineClaudeRun, type RunOfflineClaudeOptions, runOfflineClaude } from "./run-claude.ts";
export { namedScripts, scriptByPrompt } from "./scripts/named-scripts.ts";
export { type ToolUsingScriptOptions, toolUsingScript } from "./scripts/tool-using-script.ts";
