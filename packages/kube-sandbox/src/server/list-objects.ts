import { apiVersionOf, type Kind } from "../resources/kinds.ts";
import type { KubeObject } from "../resources/objects.ts";
import { parseFieldSelector, parseLabelSelector, type Selector } from "../resources/selectors.ts";
import { ApiRefusal, badRequest, expired } from "./api-status.ts";

/** What a list reads from: the store, or an older picture of it. */
export interface Snapshot {
  readonly version: number;
  readonly objects: readonly KubeObject[];
}

interface Continuation {
  readonly v: string;
  readonly rv: number;
  readonly start: string;
}

/** The selector of a list or a watch, from its query. */
export function selectorOf(kind: Kind, query: URLSearchParams): Selector {
  const labels = parseLabelSelector(query.get("labelSelector") ?? undefined);
  const fields = parseFieldSelector(query.get("fieldSelector") ?? undefined, kind);
  return (object) => labels(object) && fields(object);
}

function parseContinue(token: string): Continuation {
  try {
    const parsed = JSON.parse(Buffer.from(token, "base64url").toString()) as Continuation;
    if (typeof parsed.rv === "number" && typeof parsed.start === "string") return parsed;
  } catch {
    // Falls through: whatever it is, it is not ours.
  }
  throw badRequest("continue key is not valid: invalid character 'i' looking for beginning of value");
}

/** The number in `resourceVersion`, or undefined for none. */
export function parseVersion(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  );
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

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ""}/${metadata.name}`;

function parseLimit(text: string | null): number {
  if (text === null || text === "") return 0;
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Math.max(0, Number(text));
}

/** One page of a list, with the token for the next. `pages` keeps the picture that all pages show. */
export function listObjects(
  kind: Kind,
  query: URLSearchParams,
  read: () => Snapshot,
  pages: Map<string, Snapshot>,
  oldest: number,
): { readonly metadata: object; readonly items: readonly KubeObject[] } {
  const matches = selectorOf(kind, query);
  const limit = parseLimit(query.get("limit"));
  const token = query.get("continue") ?? "";
  const continued = token === "" ? undefined : parseContinue(token);
  const asked = parseVersion(query.get("resourceVersion"));
  const page = continued && pages.get(`${kind.resource}@${continued.rv}`);
  if (continued !== undefined && (page === undefined || continued.rv < oldest)) {
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
    );
  }
  const snapshot = page ?? read();
  if (asked !== undefined && asked > snapshot.version) throw tooLarge(asked, snapshot.version);
  const sorted = snapshot.objects
    .filter(matches)
    .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  const rest = continued === undefined ? sorted : sorted.filter((object) => keyOf(object) >= continued.start);
  const items = limit === 0 ? rest : rest.slice(0, limit);
  const metadata: Record<string, unknown> = { resourceVersion: String(snapshot.version) };
  const next = rest[items.length];
  if (next !== undefined) {
    pages.set(`${kind.resource}@${snapshot.version}`, snapshot);
    // A hundred unfinished lists are kept; who comes later than that starts again.
    if (pages.size > 100) pages.delete(pages.keys().next().value!);
    const continuation: Continuation = { v: "meta.k8s.io/v1", rv: snapshot.version, start: keyOf(next) };
    metadata["continue"] = Buffer.from(JSON.stringify(continuation)).toString("base64url");
    if (!query.has("labelSelector") && !query.has("fieldSelector"))
      metadata["remainingItemCount"] = rest.length - items.length;
  }
  return { metadata, items };
}

/** The envelope of a list. */
export function listEnvelope(kind: Kind, metadata: object, items: readonly string[]): string {
  const head = JSON.stringify({ kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata });
  return `${head.slice(0, -1)},"items":[${items.join(",")}]}`;
}
