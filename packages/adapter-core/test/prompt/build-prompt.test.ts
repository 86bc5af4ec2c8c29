import { DEFAULT_PAPERCLIP_AGENT_PROMPT_TEMPLATE } from "@paperclipai/adapter-utils/server-utils";
import { describe, expect, it } from "vitest";
import { buildPrompt, type PromptOptions } from "../../src/prompt/build-prompt.ts";

const agent = {
  id: "agent-1",
  companyId: "company-1",
  name: "Builder",
  adapterType: "sample",
  adapterConfig: { env: { KEY: "secret-value" } },
};
const wake = { reason: "issue_commented", issue: { id: "issue-1", identifier: "E-1", title: "Title" } };
const config = {
  promptTemplate: "TEMPLATE {{agent.name}} {{runId}}",
  bootstrapPromptTemplate: "BOOTSTRAP {{company.id}}",
};

function build(options: Partial<PromptOptions>) {
  return buildPrompt({ runId: "run-1", agent, context: {}, config, resumed: false, ...options });
}

function order(prompt: string, ...words: readonly string[]): boolean {
  const places = words.map((word) => prompt.indexOf(word));
  return places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1));
}

const context = {
  paperclipWake: wake,
  paperclipSessionHandoffMarkdown: "HANDOFF",
  paperclipTaskMarkdown: "TASK full",
  paperclipTaskMarkdownCompact: "TASK compact",
};

describe("the prompt", () => {
  it("R2: is bootstrap, wake, hand-off, task and template on a fresh session", () => {
    const { prompt, metrics, notes } = build({ context });
    expect(
      order(prompt, "BOOTSTRAP company-1", "Title", "HANDOFF", "TASK full", "TEMPLATE Builder run-1"),
    ).toBe(true);
    expect(metrics["promptChars"]).toBe(prompt.length);
    expect(metrics["heartbeatPromptChars"]).toBe("TEMPLATE Builder run-1".length);
    expect(notes).toEqual([]);
  });

  it("R2: has no bootstrap on a resumed session", () => {
    const { prompt, metrics } = build({ resumed: true });
    expect(prompt).toBe("TEMPLATE Builder run-1");
    expect(metrics["bootstrapPromptChars"]).toBe(0);
  });

  it("R3: drops the template on a resumed session with a wake, and says so", () => {
    const { prompt, notes } = build({ context, resumed: true });
    expect(prompt).not.toContain("TEMPLATE");
    expect(order(prompt, "Title", "HANDOFF", "TASK compact")).toBe(true);
    expect(notes).toEqual([expect.stringContaining("resumed session")]);
  });

  it("drops the template on a recovery, also in a fresh session", () => {
    const paperclipWake = { ...wake, reason: "source_scoped_recovery_action" };
    const { prompt, notes } = build({ context: { paperclipWake } });
    expect(prompt).not.toContain("TEMPLATE");
    expect(notes).toEqual([expect.stringContaining("recovery")]);
  });

  it("has the host's own template where none is configured", () => {
    const { prompt } = build({ config: { promptTemplate: undefined, bootstrapPromptTemplate: undefined } });
    expect(prompt.slice(0, 30)).toBe("You are agent agent-1 (Builder");
    expect(prompt).toContain(DEFAULT_PAPERCLIP_AGENT_PROMPT_TEMPLATE.slice(-80));
    const conversation = build({
      config: { promptTemplate: undefined, bootstrapPromptTemplate: undefined },
      context: { conversationMode: true },
    });
    expect(conversation.prompt).toContain("Paperclip conversation");
  });

  it("begins with the preamble", () => {
    expect(build({ preamble: "INSTRUCTIONS" }).prompt.startsWith("INSTRUCTIONS\n\nBOOTSTRAP")).toBe(true);
  });

  it("K3: gives no template the agent's config, whose variables are secrets", () => {
    const { prompt } = build({ config: { ...config, promptTemplate: "[{{agent.adapterConfig}}{{agent}}]" } });
    expect(prompt).not.toContain("secret-value");
  });
});
