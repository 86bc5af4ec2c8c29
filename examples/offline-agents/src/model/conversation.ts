// Where a conversation stands, read from the request alone: parallel and resumed ones need no memory.

/** The parts of a messages request that the script looks at. */
export interface MessagesRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly max_tokens?: number;
  readonly system?: unknown;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages?: readonly RequestMessage[];
}

/** One message of a request. */
export interface RequestMessage {
  readonly role: string;
  readonly content: string | readonly RequestBlock[];
}

/** One block of a request's message. */
export interface RequestBlock {
  readonly type: string;
  readonly text?: string;
}

/** The state that a script decides by. */
export interface ConversationState {
  /** Model calls since the last prompt: turns of tool results after it. */
  readonly index: number;
  /** The text of the last prompt. */
  readonly prompt: string;
  /** Prompts so far: 1 in a fresh session, more in a resumed one. */
  readonly prompts: number;
}

/** Reads the state of the conversation from a request. */
export function conversationState(request: MessagesRequest): ConversationState {
  let index = 0;
  let prompts = 0;
  let prompt = "";
  for (const message of request.messages ?? []) {
    if (message.role !== "user") continue;
    const blocks = blocksOf(message);
    const text = promptText(blocks);
    // After an interrupted run a tool's result and the next prompt are one message.
    if (text === "" && blocks.some((block) => block.type === "tool_result")) index += 1;
    // A message of reminders only is the CLI's own, not a prompt.
    if (text === "") continue;
    index = 0;
    prompts += 1;
    prompt = text;
  }
  return { index, prompt, prompts };
}

/** Whether OpenCode asks for a title of its session, beside the conversation. */
export function asksForTitle(request: MessagesRequest): boolean {
  const first = request.messages?.[0];
  if (first === undefined || request.tools !== undefined) return false;
  return blocksOf(first)[0]?.text?.startsWith("Generate a title for this conversation") ?? false;
}

function blocksOf(message: RequestMessage): readonly RequestBlock[] {
  return typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
}

function promptText(blocks: readonly RequestBlock[]): string {
  return blocks
    .map((block) => block.text ?? "")
    .filter((text) => !text.trimStart().startsWith("<system-reminder>"))
    .join("\n")
    .trim();
}
