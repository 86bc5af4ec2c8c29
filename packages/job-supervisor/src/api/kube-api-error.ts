import { knownByMark } from "./known-by-mark.ts";

/** What went wrong with a request, told apart by what can be done about it. */
export type KubeApiErrorCode =
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "already_exists"
  | "conflict"
  | "invalid"
  | "expired"
  | "throttled"
  | "server_error"
  | "timeout"
  | "unreachable"
  | "aborted";

/** An API request that did not succeed. `instanceof` holds for those of other copies of this package as well. */
export class KubeApiError extends Error {
  static {
    knownByMark(KubeApiError, "KubeApiError");
  }

  override readonly name = "KubeApiError";
  readonly code: KubeApiErrorCode;
  /** The HTTP status; null where no answer came. */
  readonly status: number | null;
  /** The API's own `reason`: "AlreadyExists", "Forbidden", … */
  readonly reason: string | null;
  /** How long the server asks to wait, in ms; null where it does not say. */
  readonly retryAfterMs: number | null;

  constructor(options: {
    code: KubeApiErrorCode;
    message: string;
    status?: number | null;
    reason?: string | null;
    retryAfterMs?: number | null;
    cause?: unknown;
  }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.status = options.status ?? null;
    this.reason = options.reason ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

const TRANSIENT: ReadonlySet<KubeApiErrorCode> = new Set([
  "throttled",
  "server_error",
  "timeout",
  "unreachable",
]);

/** Whether the same request may succeed later without anybody changing anything. */
export function isTransient(error: unknown): error is KubeApiError {
  return error instanceof KubeApiError && TRANSIENT.has(error.code);
}

/**
 * Whether the API server did not take the caller, or did not let it: not a quota, nor a rule of admission, which are
 * "forbidden" as well. A server that has just started knows no roles yet, and says so to everybody for a moment.
 */
export function isDenial(error: unknown): error is KubeApiError {
  if (isKubeApiError(error, "unauthorized")) return true;
  return isKubeApiError(error, "forbidden") && DENIED.test(error.message);
}

const DENIED = / cannot (create|get|list|watch|update|patch|delete|deletecollection) resource /;

/** Whether `error` is an API error of that code. */
export function isKubeApiError(error: unknown, code: KubeApiErrorCode): error is KubeApiError {
  return error instanceof KubeApiError && error.code === code;
}

interface StatusBody {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** The error of an answer that is not a success; the body is the API's Status object, or any text (a proxy's page). */
export function errorOfAnswer(answer: {
  what: string;
  status: number;
  body: string;
  retryAfter: string | undefined;
}): KubeApiError {
  const status = parseStatus(answer.body);
  const reason = status?.reason ?? null;
  const seconds = Number(answer.retryAfter ?? status?.details?.retryAfterSeconds ?? Number.NaN);
  const said = status?.message ?? answer.body.slice(0, 300).trim();
  return new KubeApiError({
    code: codeOfStatus(answer.status, reason),
    status: answer.status,
    reason,
    message: `${answer.what}: ${said || `HTTP ${answer.status}`}`,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
  });
}

/** The error of a watch's ERROR event. */
export function errorOfStatusObject(what: string, status: { code?: number } & StatusBody): KubeApiError {
  return errorOfAnswer({
    what,
    status: status.code ?? 500,
    body: JSON.stringify(status),
    retryAfter: undefined,
  });
}

/** The error of a request that got no answer. */
export function errorOfFailure(options: {
  what: string;
  cause: unknown;
  aborted: boolean;
  timedOut: boolean;
}): KubeApiError {
  const { what, cause, aborted, timedOut } = options;
  if (aborted)
    return new KubeApiError({ code: "aborted", message: `${what}: given up by the caller`, cause });
  if (timedOut) return new KubeApiError({ code: "timeout", message: `${what}: no answer in time`, cause });
  return new KubeApiError({ code: "unreachable", message: `${what}: ${rootMessage(cause)}`, cause });
}

function codeOfStatus(status: number, reason: string | null): KubeApiErrorCode {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  if (status === 409) return reason === "AlreadyExists" ? "already_exists" : "conflict";
  if (status === 410) return "expired";
  if (status === 429) return "throttled";
  if (status === 408 || status === 504) return "timeout";
  return status >= 500 ? "server_error" : "invalid";
}

function parseStatus(body: string): StatusBody | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? (parsed as StatusBody) : null;
  } catch {
    return null;
  }
}

/** fetch says only "fetch failed"; the reason that helps is its cause's. */
function rootMessage(error: unknown): string {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  if (!(current instanceof Error)) return String(current);
  const code = (current as NodeJS.ErrnoException).code;
  return code && !current.message.includes(code)
    ? `${current.message} (${code})`
    : current.message || code || "no answer";
}
