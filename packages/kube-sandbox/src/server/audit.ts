import type { IncomingMessage, ServerResponse } from "node:http";
import type { Target } from "./route.ts";

/** One request, as the audit log keeps it. */
export interface AuditedRequest {
  /** Milliseconds since the epoch, when it arrived. */
  readonly at: number;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly userAgent?: string;
  /** The answer's status code; 0 as long as there is none, or when the connection was cut. */
  status: number;
}

/** A request that means something to the API, and where its answer goes. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly target: Target;
  readonly verb: string;
}

/** The entry of a request; its status is filled in when the answer begins. */
export function auditExchange({ request, response, target, verb }: Exchange, at: number): AuditedRequest {
  const { resource, subresource, namespace, name } = target;
  const userAgent = request.headers["user-agent"];
  const entry: AuditedRequest = {
    at,
    verb,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(userAgent === undefined ? {} : { userAgent }),
    status: 0,
  };
  const writeHead = response.writeHead.bind(response);
  // A watch is never finished while it lives, so its status is known from its head.
  response.writeHead = ((...args: Parameters<typeof writeHead>) => {
    const result = writeHead(...args);
    entry.status = response.statusCode;
    return result;
  }) as typeof response.writeHead;
  return entry;
}
