// One request from the socket to the answer: authenticated, audited, struck by faults, served.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { FaultTable } from "../faults/fault-table.ts";
import { ApiRefusal, badRequest, reasonOf, unauthorized } from "./api-status.ts";
import { type AuditedRequest, auditExchange, type Exchange } from "./audit.ts";
import type { Credentials } from "./credentials.ts";
import { discoveryDocument } from "./discovery.ts";
import { methodNotAllowed } from "./handle-object.ts";
import { sendError, sendJson, sendText } from "./respond.ts";
import { parsePath, verbOf } from "./route.ts";
import { type ServeContext, serveRequest } from "./serve-request.ts";

/** What the server needs of the rest. */
export interface ApiServerOptions extends ServeContext {
  readonly credentials: Credentials;
  /** Pending while nothing is to be answered. */
  readonly serving: () => Promise<void> | undefined;
  readonly faults: FaultTable;
  readonly record: (request: AuditedRequest) => void;
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const plainText = "text/plain; charset=utf-8";

function urlOf(path: string): URL {
  try {
    return new URL(`http://sandbox${path}`);
  } catch {
    throw badRequest(`400 Bad Request: ${path} is no path`);
  }
}

/** The URL without the token that it may carry; throws 401 if there is no right token anywhere. */
function authenticated({ url: path = "/", headers }: IncomingMessage, credentials: Credentials): URL {
  const [, inPath, rest] = /^\/as\/([^/]+)(\/.*)$/.exec(path) ?? [];
  if (inPath !== undefined && credentials.accepts(inPath)) return urlOf(rest!);
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  if (bearer === undefined || !credentials.accepts(bearer)) throw unauthorized();
  return urlOf(path);
}

/** Answers what concerns no object: health and discovery. False if it is something else. */
function serveCommon(response: ServerResponse, path: string): boolean {
  const document = discoveryDocument(path);
  if (document !== undefined) sendJson(response, 200, document);
  else if (/^\/(readyz|livez|healthz)$/.test(path)) sendText(response, 200, "ok", plainText);
  else return false;
  return true;
}

function refusalOf(fault: {
  code: number;
  reason?: string;
  message?: string;
  retryAfterSec?: number;
}): ApiRefusal {
  const { code, reason = reasonOf(code), message = `injected fault: ${code}`, retryAfterSec } = fault;
  const details = retryAfterSec === undefined ? undefined : { retryAfterSeconds: retryAfterSec };
  return new ApiRefusal(code, reason, message, details);
}

/** Makes the server; it does not listen yet. */
export function createApiServer(options: ApiServerOptions): Server {
  const { timers, faults, credentials } = options;
  const serveStruck = async (exchange: Exchange): Promise<void> => {
    const { target, verb, query, request } = exchange;
    const strike = faults.strike({ ...target, verb, query, userAgent: request.headers["user-agent"] });
    if (strike.latencyMs > 0) await timers.wait(strike.latencyMs);
    const { fault } = strike;
    if (fault?.kind === "drop") exchange.response.destroy();
    else if (fault?.kind === "status") throw refusalOf(fault);
    else if (fault?.kind !== "hang") await serveRequest(options, exchange, strike);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await options.serving();
    const { pathname, searchParams: query } = authenticated(request, credentials);
    if (serveCommon(response, pathname)) return;
    const target = parsePath(pathname);
    if (target === undefined) {
      sendText(response, 404, "404 page not found (kube-sandbox serves no such path)\n", plainText);
      return;
    }
    const { method = "" } = request;
    if (!methods.includes(method)) throw methodNotAllowed();
    const exchange = { request, response, query, target, verb: verbOf(method, target, query) };
    options.record(auditExchange(exchange, timers.now()));
    await serveStruck(exchange);
  };

  return createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch((error: unknown) => sendError(response, error));
  });
}
