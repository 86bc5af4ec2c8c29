// The query of a list or a watch, refused as the API refuses it.
import type { Kind } from "../resources/kinds.ts";
import { parseFieldSelector, parseLabelSelector, type Selector } from "../resources/selectors.ts";
import { forbidden, notSupported } from "../resources/validate/field-errors.ts";
import { badRequest, type FieldError } from "./api-status.ts";
import { invalidOptions } from "./request-options.ts";
import { isTrue } from "./route.ts";

/** What a list or a watch asks for. */
export interface ListOptions {
  readonly matches: Selector;
  /** 0 for no limit. */
  readonly limit: number;
  readonly continued: string;
  /** Undefined for none. */
  readonly version: number | undefined;
  readonly exact: boolean;
  /** 0 for none. */
  readonly timeoutMs: number;
  readonly bookmarks: boolean;
  /** Whether a watch starts with what is there, and says when that is told. */
  readonly sendInitialEvents: boolean | undefined;
}

function integer(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null || text === "") return 0;
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** The number in `resourceVersion`, or undefined for none. */
export function parseVersion(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  );
}

const matchField = "resourceVersionMatch";

function matchErrors(match: string, version: string, continued: string): FieldError[] {
  if (match === "") return [];
  const supported = ["Exact", "NotOlderThan", ""];
  return [
    ...(version === ""
      ? [forbidden(matchField, `${matchField} is forbidden unless resourceVersion is provided`)]
      : []),
    ...(continued === ""
      ? []
      : [forbidden(matchField, `${matchField} is forbidden when continue is provided`)]),
    ...(supported.includes(match) ? [] : [notSupported(matchField, match, supported)]),
    ...(match === "Exact" && version === "0"
      ? [forbidden(matchField, `${matchField} "exact" is forbidden for resourceVersion "0"`)]
      : []),
  ];
}

function watchErrors(match: string, initial: boolean | undefined): FieldError[] {
  if (initial !== undefined && match !== "NotOlderThan") {
    const why = `sendInitialEvents requires setting ${matchField} to NotOlderThan`;
    return [forbidden(matchField, why)];
  }
  if (match === "") return [];
  const unless = `${matchField} is forbidden for watch unless sendInitialEvents is provided`;
  return initial === undefined ? [forbidden(matchField, unless)] : [];
}

/** Reads the options; throws 400 and 422. */
export function listOptions(kind: Kind, query: URLSearchParams, verb: "list" | "watch"): ListOptions {
  const limit = integer(query, "limit");
  const timeoutMs = integer(query, "timeoutSeconds") * 1000;
  const initial = query.get("sendInitialEvents");
  const sendInitialEvents = initial === null ? undefined : isTrue(initial);
  const labels = parseLabelSelector(query.get("labelSelector") ?? undefined);
  const fields = parseFieldSelector(query.get("fieldSelector") ?? undefined, kind);
  const match = query.get(matchField) ?? "";
  const version = query.get("resourceVersion") ?? "";
  const continued = query.get("continue") ?? "";
  const errors =
    verb === "watch"
      ? watchErrors(match, sendInitialEvents)
      : [
          ...matchErrors(match, version, continued),
          ...(sendInitialEvents === undefined
            ? []
            : [forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list")]),
        ];
  if (errors.length > 0) throw invalidOptions("ListOptions", errors);
  return {
    matches: (object) => labels(object) && fields(object),
    limit: Math.max(0, limit),
    continued,
    version: parseVersion(version),
    exact: match === "Exact",
    timeoutMs: Math.max(0, timeoutMs),
    bookmarks: isTrue(query.get("allowWatchBookmarks")),
    sendInitialEvents,
  };
}
