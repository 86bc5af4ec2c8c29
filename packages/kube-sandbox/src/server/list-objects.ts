// One page of a list, of now or of an earlier version.
import { apiVersionOf, type Kind } from "../resources/kinds.ts";
import type { KubeObject } from "../resources/objects.ts";
import type { Store } from "../store/store.ts";
import { ApiRefusal, badRequest, expired } from "./api-status.ts";
import { listOptions } from "./list-options.ts";

/** The objects of a kind at a version. */
export interface Snapshot {
  readonly version: number;
  readonly objects: readonly KubeObject[];
}

interface Continuation {
  /** -1: from whatever is there now. */
  readonly version: number;
  readonly start: string;
}

const tokenVersion = "meta.k8s.io/v1";

function parseContinue(token: string): Continuation {
  const invalid = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
  let parsed: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    parsed = JSON.parse(Buffer.from(token, "base64url").toString()) ?? {};
  } catch {
    throw invalid("invalid character 'i' looking for beginning of value");
  }
  const { v, rv, start } = parsed;
  if (v !== tokenVersion) throw invalid(`server does not recognize this encoded version ${String(v)}`);
  if (typeof rv !== "number" || rv === 0)
    throw invalid(`incorrect encoded start resourceVersion (version ${tokenVersion})`);
  if (typeof start !== "string" || start === "")
    throw invalid(`encoded start key empty (version ${tokenVersion})`);
  return { version: rv, start };
}

const tokenOf = ({ version, start }: Continuation): string =>
  Buffer.from(JSON.stringify({ v: tokenVersion, rv: version, start })).toString("base64url");

/** 410 of a page whose version is gone, with a token that goes on from what is there now. */
function pageExpired(start: string): ApiRefusal {
  const message =
    "The provided continue parameter is too old to display a consistent list result. You can start a new list " +
    "without the continue parameter, or use the continue token in this response to retrieve the remainder of the " +
    "results. Continuing with the provided token results in an inconsistent list - objects that were created, " +
    "modified, or deleted between the time the first chunk was returned and now may show up in the list.";
  const refusal = expired(message);
  refusal.body.metadata = { continue: tokenOf({ version: -1, start }) };
  return refusal;
}

/** 504 for a version that is still to come, as after a restore from a backup. */
export function tooLarge(asked: number, current: number): ApiRefusal {
  return new ApiRefusal(
    504,
    "Timeout",
    `Timeout: Too large resource version: ${asked}, current: ${current}`,
    {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  );
}

/** What a list reads from. */
export interface ListRequest {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
  readonly store: Store;
  /** What is there now, or an older picture of it. */
  readonly snapshot: () => Snapshot;
}

/** One page, with the token for the next, which shows the same moment. */
export function listObjects({ kind, namespace, query, store, snapshot }: ListRequest): {
  readonly metadata: object;
  readonly items: readonly KubeObject[];
} {
  const { matches, limit, continued, version: asked, exact } = listOptions(kind, query, "list");
  const from = continued === "" ? undefined : parseContinue(continued);
  if (from !== undefined && (asked ?? 0) !== 0)
    throw badRequest("specifying resource version is not allowed when using continue");
  const keyOf = ({ metadata }: KubeObject): string =>
    namespace === undefined && kind.namespaced ? `${metadata.namespace}/${metadata.name}` : metadata.name;
  const at = (version: number, tooOld: () => ApiRefusal): Snapshot => {
    const objects = store.at(kind.resource, version, namespace);
    if (objects === "expired") throw tooOld();
    return { version, objects };
  };
  const read = (): Snapshot => {
    if (from !== undefined && from.version > 0) return at(from.version, () => pageExpired(from.start));
    if (asked !== undefined && asked > store.resourceVersion) throw tooLarge(asked, store.resourceVersion);
    if (!exact) return snapshot();
    return at(asked!, () => expired("The resourceVersion for the provided list is too old."));
  };
  const { version, objects } = read();
  const sorted = objects.filter(matches).sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  const rest = from === undefined ? sorted : sorted.filter((object) => keyOf(object) >= from.start);
  const items = limit === 0 ? rest : rest.slice(0, limit);
  const metadata: Record<string, unknown> = { resourceVersion: String(version) };
  if (rest.length > items.length) {
    metadata["continue"] = tokenOf({ version, start: `${keyOf(items.at(-1)!)}\0` });
    if (!query.get("labelSelector") && !query.get("fieldSelector"))
      metadata["remainingItemCount"] = rest.length - items.length;
  }
  return { metadata, items };
}

/** The envelope of a list. */
export function listEnvelope(kind: Kind, metadata: object, items: readonly string[]): string {
  const head = JSON.stringify({ kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata });
  return `${head.slice(0, -1)},"items":[${items.join(",")}]}`;
}
