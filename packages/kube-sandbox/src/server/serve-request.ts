// A request that is audited and not struck down: allowed, and done.
import type { Strike } from "../faults/fault-table.ts";
import type { ContainerLog } from "../kubelet/container-log.ts";
import type { Kind } from "../resources/kinds.ts";
import type { KubeObject } from "../resources/objects.ts";
import type { Store } from "../store/store.ts";
import type { Timers } from "../timers.ts";
import { reviewAccess } from "./access-review.ts";
import { ApiRefusal, notFound } from "./api-status.ts";
import type { Exchange } from "./audit.ts";
import { type DeniedPermission, forbiddenRequest, isDenied } from "./authorize.ts";
import { handleObject, methodNotAllowed } from "./handle-object.ts";
import type { Snapshot } from "./list-objects.ts";
import { readBody, sendHalf, sendJson } from "./respond.ts";
import type { Target } from "./route.ts";
import { serveLog } from "./serve-log.ts";
import { wantsTable } from "./table/table.ts";
import type { Watches } from "./watches.ts";

/** What serving needs of the rest. */
export interface ServeContext {
  readonly store: Store;
  readonly timers: Timers;
  /** Whom 403 answers name. */
  readonly user: string;
  readonly watches: Watches;
  readonly denied: readonly DeniedPermission[];
  /** The picture that a stale list shows, by its injection. */
  readonly picture: (injection: object, kind: Kind, namespace: string | undefined) => Snapshot;
  readonly logOf: (uid: string, container: string) => ContainerLog | undefined;
}

function snapshotOf(
  { store, picture }: ServeContext,
  kind: Kind,
  target: Target,
  strike: Strike,
): () => Snapshot {
  const { namespace, name } = target;
  if (strike.fault?.kind === "stale_list") return () => picture(strike.injection!, kind, namespace);
  if (name === undefined) {
    return () => ({ version: store.resourceVersion, objects: store.list(kind.resource, namespace) });
  }
  const found: KubeObject | undefined = store.get(kind.resource, namespace, name);
  return () => ({ version: store.resourceVersion, objects: found === undefined ? [] : [found] });
}

function unknownResource({ group, version, resource, subresource }: Target): ApiRefusal {
  const groupVersion = group === "" ? version : `${group}/${version}`;
  const what = `${groupVersion} ${resource}${subresource === undefined ? "" : `/${subresource}`}`;
  const message = `the server could not find the requested resource (kube-sandbox does not serve ${what})`;
  return new ApiRefusal(404, "NotFound", message, {});
}

function servePodLog(context: ServeContext, kind: Kind, { response, query, target }: Exchange): void {
  const pod = context.store.get("pods", target.namespace, target.name!);
  if (pod === undefined) throw notFound(kind, target.name!);
  serveLog(response, pod, query, context.timers.now(), context.logOf);
}

async function serveObjects(
  context: ServeContext,
  kind: Kind,
  exchange: Exchange,
  strike: Strike,
): Promise<void> {
  const { request, response, query, target, verb } = exchange;
  const { store, timers } = context;
  const body = request.method === "GET" ? "" : await readBody(request);
  const contentType = request.headers["content-type"] ?? "";
  const snapshot = snapshotOf(context, kind, target, strike);
  const now = timers.now();
  const table = wantsTable(request.headers.accept);
  const reply = handleObject(verb, {
    ...{ kind, target, query, contentType, body, store, now, snapshot, table },
  });
  const warnings = (reply.warnings ?? []).map(
    (field) => `299 - ${JSON.stringify(`unknown field "${field}"`)}`,
  );
  if (warnings.length > 0) response.setHeader("warning", warnings.join(", "));
  if (strike.fault?.kind === "lose_answer") response.destroy();
  else if (strike.fault?.kind === "truncate") sendHalf(response, reply.code, reply.json);
  else sendJson(response, reply.code, reply.json);
}

/** Which verbs there are at a place: 405 where it is only the verb that is wrong, 404 where nothing is. */
function checkRoute(kind: Kind, target: Target, verb: string): void {
  const { namespace, name, subresource } = target;
  const somewhere = kind.namespaced === (namespace !== undefined);
  const listed = kind.namespaced && namespace === undefined && name === undefined;
  if (!(somewhere || listed) || name?.includes("/")) throw unknownResource(target);
  if (listed && verb !== "list" && verb !== "watch") throw methodNotAllowed();
  if (subresource === undefined) return;
  const verbs =
    subresource === "log" && kind.resource === "pods"
      ? ["get"]
      : subresource === "status" && kind.status
        ? ["get", "update", "patch"]
        : undefined;
  if (verbs === undefined) throw unknownResource(target);
  if (!verbs.includes(verb)) throw methodNotAllowed();
}

const representations = /^\s*(\*\/\*|application\/(\*|json))\s*(;|$)/;

/** Refuses a client that wants anything but JSON; a log is text. */
function checkAccept(accept: string | undefined, verb: string): void {
  if (!accept || verb === "delete" || accept.split(",").some((one) => representations.test(one))) return;
  if (/^text\/plain/.test(accept)) return;
  const message = "406: Not Acceptable\n\nAvailable representations: application/json";
  throw new ApiRefusal(406, "NotAcceptable", message, {});
}

/** Serves a request, or throws the ApiRefusal that answers it. */
export async function serveRequest(context: ServeContext, exchange: Exchange, strike: Strike): Promise<void> {
  const { request, response, query, target, verb } = exchange;
  const { kind, namespace, resource, group, subresource, name } = target;
  if (group === "authorization.k8s.io" && resource === "selfsubjectaccessreviews") {
    if (verb !== "create" || name !== undefined) throw methodNotAllowed();
    sendJson(response, 201, reviewAccess(await readBody(request), context.denied));
    return;
  }
  if (kind === undefined) throw unknownResource(target);
  if (isDenied(context.denied, { ...target, verb })) throw forbiddenRequest(context.user, verb, target);
  checkRoute(kind, target, verb);
  checkAccept(request.headers.accept, verb);
  if (subresource === "log") servePodLog(context, kind, exchange);
  else if (verb === "watch") {
    const table = wantsTable(request.headers.accept);
    context.watches.open({ response, kind, namespace, query, table, fault: strike.fault });
  } else await serveObjects(context, kind, exchange, strike);
}
