// The HTTP server: it speaks the Anthropic messages API and answers from a script.
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  asksForTitle,
  type ConversationState,
  conversationState,
  type MessagesRequest,
} from "./conversation.ts";
import { replyFor, statusOf } from "./reply.ts";
import { streamMessage } from "./send-message.ts";
import type { Step } from "./step.ts";
import { type Identity, type MessageReply, wholeMessage } from "./wire.ts";

/** What a script function decides by. */
export interface ModelCall extends ConversationState {
  /** Earlier calls with the same messages: 0 for the first try. */
  readonly attempt: number;
  readonly request: MessagesRequest;
}

/**
 * A list (the n-th model call after a prompt gets the n-th step; after the last one a closing text),
 * or a function that chooses.
 */
export type Script = readonly Step[] | ((call: ModelCall) => Step);

/** One request as it came, for assertions. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON body; undefined if there was none. */
  readonly body: unknown;
}

/** What `startScriptedModel` needs. */
export interface ScriptedModelOptions {
  readonly script: Script;
  /** Answers OpenCode's requests for a session's title, which take no step of the script. Default: a text. */
  readonly title?: Step;
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** How many requests are kept in `requests`; the oldest go first. Default 1,000. */
  readonly keepRequests?: number;
  /** Beginning of message and tool ids. Default random, so that ids stay unique over a resumed session. */
  readonly idPrefix?: string;
}

/** A running scripted model. */
export interface ScriptedModel extends AsyncDisposable {
  /** Base URL without a path. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Ends all streams and the server. */
  close(): Promise<void>;
}

/** Starts a model API that answers from a script. Rejects if the address cannot be listened on. */
export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const requests: RecordedRequest[] = [];
  const closing = new AbortController();
  const answer = createAnswerer(options, closing.signal);
  const server = createServer((request, response) => {
    void receive(request)
      .then((recorded) => {
        requests.push(recorded);
        if (requests.length > (options.keepRequests ?? 1_000)) requests.shift();
        return answer(recorded, response);
      })
      .catch((error: unknown) => fail(response, error));
  });
  // A client that tries again after some seconds must not meet its old connection in the moment when it is given up.
  server.keepAliveTimeout = 0;
  await listen(server, options);
  const close = async () => {
    if (!server.listening) return;
    closing.abort();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: urlOf(server), requests, close, [Symbol.asyncDispose]: close };
}

type Answerer = (recorded: RecordedRequest, response: ServerResponse) => Promise<void>;

function createAnswerer(options: ScriptedModelOptions, closing: AbortSignal): Answerer {
  const prefix = options.idPrefix ?? randomBytes(6).toString("hex");
  const attempts = new Map<string, number>();
  let count = 0;
  return async (recorded, response) => {
    const route = routeOf(recorded);
    if (route === "count_tokens") return json(response, 200, { input_tokens: 100 });
    if (route === "alive") return void response.writeHead(200).end();
    if (route === "unknown") {
      return json(response, 404, {
        type: "error",
        error: { type: "not_found_error", message: recorded.path },
      });
    }
    const request = (recorded.body ?? {}) as MessagesRequest;
    const state = createHash("sha256")
      .update(JSON.stringify(request.messages ?? []))
      .digest("hex");
    const attempt = attempts.get(state) ?? 0;
    attempts.set(state, attempt + 1);
    const step = asksForTitle(request)
      ? (options.title ?? { kind: "text", text: "A scripted session" })
      : stepFor(options.script, { ...conversationState(request), attempt, request });
    const reply = replyFor(step, attempt);
    if (reply.type === "error") {
      return json(response, reply.status, { type: "error", error: reply.error }, reply.headers);
    }
    count += 1;
    const id = `msg_${prefix}${String(count).padStart(6, "0")}`;
    const identity = { id, model: request.model ?? "scripted" };
    if (request.stream !== true) return sendWhole(response, identity, reply);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    await streamMessage({ response, identity, reply, signal: AbortSignal.any([closing, gone.signal]) });
  };
}

function routeOf({ method, path }: RecordedRequest): "messages" | "count_tokens" | "alive" | "unknown" {
  const { pathname } = new URL(path, "http://model.invalid");
  if (method === "POST" && pathname.endsWith("/messages/count_tokens")) return "count_tokens";
  if (method === "POST" && pathname.endsWith("/messages")) return "messages";
  return pathname === "/" ? "alive" : "unknown";
}

function stepFor(script: Script, call: ModelCall): Step {
  if (typeof script === "function") return script(call);
  return script[call.index] ?? { kind: "text", text: "That was all." };
}

async function receive(request: IncomingMessage): Promise<RecordedRequest> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

/** A client that falls back to an answer in one piece finds the same trouble there. */
function sendWhole(response: ServerResponse, identity: Identity, reply: MessageReply): void {
  const { ending } = reply;
  if (ending.type === "cut") {
    response.destroy();
  } else if (ending.type === "error") {
    json(response, statusOf(ending.error.type), { type: "error", error: ending.error });
  } else {
    json(response, 200, wholeMessage(identity, reply), reply.headers);
  }
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, error: unknown): void {
  // The client has gone, or the server closes: nobody is left to tell.
  if (response.destroyed || (error as Error).name === "AbortError") return void response.destroy();
  const message = error instanceof Error ? error.message : String(error);
  if (response.headersSent) return void response.destroy();
  json(response, 400, { type: "error", error: { type: "invalid_request_error", message } });
}

async function listen(server: Server, { host = "127.0.0.1", port = 0 }: ScriptedModelOptions): Promise<void> {
  server.listen(port, host);
  await once(server, "listening");
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
