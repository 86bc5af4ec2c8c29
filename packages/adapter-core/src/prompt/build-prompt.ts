import {
  DEFAULT_PAPERCLIP_AGENT_PROMPT_TEMPLATE,
  DEFAULT_PAPERCLIP_CONVERSATION_PROMPT_TEMPLATE,
  isPaperclipRecoveryWakePayload,
  joinPromptSections,
  renderPaperclipWakePrompt,
  renderTemplate,
  selectPaperclipTaskMarkdown,
} from "@paperclipai/adapter-utils/server-utils";
import type { AdapterAgent } from "@paperclipai/adapter-utils/types";
import type { CoreConfig } from "../config/core-config.ts";
import { firstText } from "../environment/context-values.ts";

/** What a prompt is made of. */
export interface PromptOptions {
  readonly runId: string;
  readonly agent: AdapterAgent;
  /** `ctx.context`. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly config: Pick<CoreConfig, "promptTemplate" | "bootstrapPromptTemplate">;
  /** Whether the agent CLI resumes a session. */
  readonly resumed: boolean;
  /** Stands in front of everything: standing instructions of an agent CLI that takes them in no other way. */
  readonly preamble?: string | null;
}

/** The agent CLI's standard input, and what the host shows of it. */
export interface Prompt {
  readonly prompt: string;
  /** Characters of the whole and of each section, by the names that the host knows. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

/**
 * The prompt of a run, in the order of the host's own adapters: bootstrap (fresh sessions only), wake, hand-off,
 * task, template. A resumed session with a wake gets no template, nor does a recovery: the wake text replaces it.
 */
export function buildPrompt(options: PromptOptions): Prompt {
  const { context, config, resumed } = options;
  const data = templateData(options);
  const bootstrap = resumed ? "" : renderTemplate(config.bootstrapPromptTemplate ?? "", data).trim();
  const task = selectPaperclipTaskMarkdown({ ...context }, { resumedSession: resumed });
  const wake = renderPaperclipWakePrompt(context["paperclipWake"], {
    resumedSession: resumed,
    conversationMode: context["conversationMode"] === true,
    // The task text has the description already.
    suppressIssueDescription: task.length > 0,
  });
  const handoff = firstText(context["paperclipSessionHandoffMarkdown"]) ?? "";
  const isRecovery = isPaperclipRecoveryWakePayload(context["paperclipWake"]);
  const isReplaced = isRecovery || (resumed && wake.length > 0);
  const template = isReplaced ? "" : renderTemplate(config.promptTemplate ?? defaultTemplate(context), data);
  const prompt = joinPromptSections([options.preamble, bootstrap, wake, handoff, task, template]);
  return {
    prompt,
    metrics: {
      promptChars: prompt.length,
      bootstrapPromptChars: bootstrap.length,
      wakePromptChars: wake.length,
      sessionHandoffChars: handoff.length,
      taskContextChars: task.length,
      heartbeatPromptChars: template.length,
    },
    notes: isReplaced
      ? [
          `The prompt template is left out: the wake text of a ${isRecovery ? "recovery" : "resumed session"} replaces it.`,
        ]
      : [],
  };
}

function defaultTemplate(context: Readonly<Record<string, unknown>>): string {
  const isConversation = context["conversationMode"] === true;
  return isConversation
    ? DEFAULT_PAPERCLIP_CONVERSATION_PROMPT_TEMPLATE
    : DEFAULT_PAPERCLIP_AGENT_PROMPT_TEMPLATE;
}

function templateData({ agent, runId, context }: PromptOptions): Record<string, unknown> {
  // The row's config holds secrets in plain text; no template needs it.
  const { adapterConfig: _config, ...known } = agent;
  return {
    agentId: agent.id,
    companyId: agent.companyId,
    runId,
    company: { id: agent.companyId },
    agent: known,
    run: { id: runId, source: "on_demand" },
    context,
  };
}
