// One request from the socket to the answer: authenticated, audited, struck by faults, allowed, done.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { FaultTable, Strike } from "../faults/fault-table.ts";
import type { ContainerLog } from "../kubelet/container-log.ts";
import type { Kind } from "../resources/kinds.ts";
import type { KubeObject, Stored } from "../resources/objects.ts";
import type { Store } from "../store/store.ts";
import type { Timers } from "../timers.ts";
import { reviewAccess } from "./access-review.ts";
import { ApiRefusal, notFound, unauthorized } from "./api-status.ts";
import type { AuditedRequest } from "./audit.ts";
import { type DeniedPermission, forbiddenRequest, isDenied } from "./authorize.ts";
import { discoveryDocument } from "./discovery.ts";
import { handleObject, methodNotAllowed } from "./handle-object.ts";
import type { Snapshot } from "./list-objects.ts";
import { readBody, sendError, sendJson, sendText } from "./respond.ts";
import { parsePath, type Target, verbOf } from "./route.ts";
import { serveLog } from "./serve-log.ts";
import type { Delivery } from "./watch-stream.ts";
import type { Watches } from "./watches.ts";

/** What the server needs of the rest. */
export interface ApiServerOptions {
  readonly store: Store;
  readonly timers: Timers;
  readonly token: string;
  /** Whom 403 answers name. */
  readonly user: string;
  readonly faults: FaultTable;
  readonly watches: Watches;
  readonly denied: readonly DeniedPermission[];
  /** The picture that a stale list shows, by its injection. */
  readonly picture: (injection: object, kind: Kind, namespace: string | undefined) => Snapshot;
  readonly record: (request: AuditedRequest) => void;
  readonly logOf: (uid: string, container: string) => ContainerLog | undefined;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly target: Target;
  readonly verb: string;
}

/** Makes the server; it does not listen yet. */
export function createApiServer(options: ApiServerOptions): Server {
  const { store, timers } = options;
  const pages = new Map<string, Snapshot>();

  const snapshotOf = (kind: Kind, target: Target, strike: Strike): (() => Snapshot) => {
    if (strike.fault?.kind === "stale_list")
      return () => options.picture(strike.injection!, kind, target.namespace);
    if (target.name === undefined) {
      return () => ({ version: store.resourceVersion, objects: store.list(kind.resource, target.namespace) });
    }
    const found = store.get(kind.resource, target.namespace, target.name) as Stored[keyof Stored] | undefined;
    return () => ({
      version: store.resourceVersion,
      objects: found === undefined ? [] : [found as KubeObject],
    });
  };

  const serve = async ({ request, response, url, target, verb }: Exchange, strike: Strike): Promise<void> => {
    const { searchParams: query } = url;
    if (
      target.group === "authorization.k8s.io" &&
      target.resource === "selfsubjectaccessreviews" &&
      verb === "create"
    ) {
      return sendJson(response, 201, reviewAccess(await readBody(request), options.denied));
    }
    const { kind, namespace, name, subresource } = target;
    if (kind === undefined) throw unknownResource(target);
    if (isDenied(options.denied, { ...target, verb })) throw forbiddenRequest(options.user, verb, target);
    if (subresource === "log" && kind.resource === "pods" && verb === "get") {
      const pod = store.get("pods", namespace, name!);
      if (pod === undefined) throw notFound(kind, name!);
      if (!response.headersSent) response.setHeader("content-type", "text/plain");
      return serveLog(response, pod, query, timers.now(), options.logOf);
    }
    if (subresource !== undefined && !(subresource === "status" && kind.status))
      throw unknownResource(target);
    if (verb === "watch") {
      return options.watches.open({ response, kind, namespace, query, delivery: deliveryOf(strike) });
    }
    const body = request.method === "GET" ? "" : await readBody(request);
    const contentType = request.headers["content-type"] ?? "";
    const snapshot = snapshotOf(kind, target, strike);
    const reply = handleObject(verb, {
      kind,
      target,
      query,
      contentType,
      body,
      store,
      now: timers.now(),
      snapshot,
      pages,
    });
    if (strike.fault?.kind === "lose_answer") response.destroy();
    else sendJson(response, reply.code, reply.json);
  };

  const struck = async (exchange: Exchange): Promise<void> => {
    const { response, target, verb } = exchange;
    const strike = options.faults.strike({ ...target, verb });
    if (strike.latencyMs > 0) await timers.wait(strike.latencyMs);
    const { fault } = strike;
    if (fault?.kind === "drop") response.destroy();
    else if (fault?.kind === "status") throw refusalOf(fault);
    else if (fault?.kind !== "hang") await serve(exchange, strike);
  };

  const audit = ({ request, response, target, verb }: Exchange): void => {
    const { resource, subresource, namespace, name } = target;
    const userAgent = request.headers["user-agent"];
    const entry: AuditedRequest = {
      at: timers.now(),
      verb,
      resource,
      ...(subresource === undefined ? {} : { subresource }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(userAgent === undefined ? {} : { userAgent }),
      status: 0,
    };
    options.record(entry);
    const note = (): void => {
      if (response.headersSent) entry.status = response.statusCode;
    };
    const writeHead = response.writeHead.bind(response);
    // A watch is never finished while it lives, so its status is known from its head.
    response.writeHead = ((...args: Parameters<typeof writeHead>) => {
      const result = writeHead(...args);
      note();
      return result;
    }) as typeof response.writeHead;
    response.once("finish", note);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const prefix = `/as/${options.token}/`;
    const path = request.url ?? "/";
    const byPath = path.startsWith(prefix);
    const url = new URL(byPath ? path.slice(prefix.length - 1) : path, "http://sandbox");
    if (!byPath && request.headers.authorization !== `Bearer ${options.token}`) throw unauthorized();
    if (/^\/(readyz|livez|healthz)$/.test(url.pathname))
      return sendText(response, 200, "ok", "text/plain; charset=utf-8");
    const document = discoveryDocument(url.pathname);
    if (document !== undefined) return sendJson(response, 200, document);
    const target = parsePath(url.pathname);
    if (target === undefined) {
      return sendText(
        response,
        404,
        "404 page not found (kube-sandbox serves no such path)\n",
        "text/plain; charset=utf-8",
      );
    }
    if (!["GET", "POST", "PUT", "PATCH", "DELETE"].includes(request.method ?? "")) throw methodNotAllowed();
    const exchange = {
      request,
      response,
      url,
      target,
      verb: verbOf(request.method!, target, url.searchParams),
    };
    audit(exchange);
    await struck(exchange);
  };

  return createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch((error: unknown) => sendError(response, error));
  });
}

function deliveryOf({ fault }: Strike): Delivery {
  return fault?.kind === "duplicate_events" || fault?.kind === "reorder_events" ? fault.kind : "as_is";
}

function unknownResource({ group, version, resource, subresource }: Target): ApiRefusal {
  const what = `${group === "" ? version : `${group}/${version}`} ${resource}${subresource === undefined ? "" : `/${subresource}`}`;
  const message = `the server could not find the requested resource (kube-sandbox does not serve ${what})`;
  return new ApiRefusal(404, "NotFound", message, {});
}

const reasons: Record<number, string> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

function refusalOf(fault: {
  code: number;
  reason?: string;
  message?: string;
  retryAfterSec?: number;
}): ApiRefusal {
  const {
    code,
    reason = reasons[code] ?? "Unknown",
    message = `injected fault: ${code}`,
    retryAfterSec,
  } = fault;
  return new ApiRefusal(
    code,
    reason,
    message,
    retryAfterSec === undefined ? undefined : { retryAfterSeconds: retryAfterSec },
  );
}
