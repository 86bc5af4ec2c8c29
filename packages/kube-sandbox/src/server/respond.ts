import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import type { KubeObject } from "../resources/objects.ts";
import { ApiRefusal, type ApiStatus, badRequest } from "./api-status.ts";

const encoded = new WeakMap<KubeObject, string>();

/** An object as JSON; encoded once, however many watches send it. */
export function encodeObject(object: KubeObject): string {
  let text = encoded.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    encoded.set(object, text);
  }
  return text;
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, code: number, body: unknown): void {
  sendText(response, code, typeof body === "string" ? body : JSON.stringify(body), "application/json");
}

export function sendText(response: ServerResponse, code: number, text: string, type: string): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(code, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
}

/** Begins an answer and cuts the connection in the middle of it. */
export function sendHalf(response: ServerResponse, code: number, json: string): void {
  response.writeHead(code, { "content-type": "application/json", "content-length": Buffer.byteLength(json) });
  response.write(json.slice(0, Math.ceil(json.length / 2)), () => response.destroy());
}

/** Answers with the `Status` of a refusal, or 500 for what should not happen. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof ApiRefusal) {
    const { retryAfterSeconds } = error.body.details ?? {};
    if (retryAfterSeconds !== undefined && !response.headersSent)
      response.setHeader("retry-after", retryAfterSeconds);
    sendJson(response, error.code, error.body);
    return;
  }
  const message = `kube-sandbox failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const body: ApiStatus = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason: "InternalError",
    code: 500,
  };
  sendJson(response, 500, body);
}

/** The API refuses bodies above 3 MiB. */
const maxBody = 3 * 1024 * 1024;

/** Reads a whole request body. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBody) {
      throw new ApiRefusal(413, "RequestEntityTooLarge", `Request entity too large: limit is ${maxBody}`);
    }
    chunks.push(chunk as Buffer);
  }
  const whole = Buffer.concat(chunks);
  if (request.headers["content-encoding"] !== "gzip") return whole.toString();
  try {
    return gunzipSync(whole, { maxOutputLength: maxBody }).toString();
  } catch (error) {
    throw badRequest(`the body cannot be unzipped: ${(error as Error).message}`);
  }
}
