// The part of the Responses API that Codex needs, answered from a list.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One answer of the model: its last words, a command for Codex's own shell tool, or a refusal of the API. */
export type ScriptedAnswer =
  | { readonly say: string }
  | { readonly shell: string }
  | { readonly status: number; readonly message: string };

/** A running model API. */
export interface ScriptedResponses extends AsyncDisposable {
  /** Base URL, `/v1` included. */
  readonly url: string;
  /** The bodies of all calls, in their order. */
  readonly asked: readonly string[];
}

/** Starts a model API on loopback; the n-th call gets the n-th answer, and each one after them the last. */
export async function startScriptedResponses(answers: readonly ScriptedAnswer[]): Promise<ScriptedResponses> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (!request.url?.endsWith("/responses")) return response.writeHead(404).end("{}");
    const answer = answers[Math.min(asked.push(body), answers.length) - 1];
    if (answer === undefined || "status" in answer) {
      const { status, message } = answer ?? { status: 500, message: "no answer" };
      return response.writeHead(status).end(JSON.stringify({ error: { message } }));
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of eventsOf(answer, asked.length))
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function eventsOf(answer: Exclude<ScriptedAnswer, { status: number }>, call: number) {
  const id = `resp_${call}`;
  const item =
    "say" in answer
      ? { type: "message", role: "assistant", content: [{ type: "output_text", text: answer.say }] }
      : { type: "function_call", call_id: `call_${call}`, ...shellCall(answer.shell) };
  const usage = {
    ...{ input_tokens: 100, input_tokens_details: { cached_tokens: 40 }, total_tokens: 120 },
    ...{ output_tokens: 20, output_tokens_details: { reasoning_tokens: 0 } },
  };
  return [
    { type: "response.created", response: { id } },
    { type: "response.output_item.done", output_index: 0, item: { id: `item_${call}`, ...item } },
    { type: "response.completed", response: { id, usage } },
  ];
}

function shellCall(cmd: string) {
  return { name: "exec_command", arguments: JSON.stringify({ cmd }) };
}
