import { E2eError } from "../../e2e-error.ts";

/** One call below `/api`. */
export interface ApiRequest {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Begins with a slash, without `/api`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bound of the call, ms. Default 120 000: a cancel may take a minute, an install longer. */
  readonly timeoutMs?: number;
}

/** An answer with whatever status. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
}

/** Sends a request and returns the answer, whatever its status. Rejects if there is none in time. */
export async function callApi<T>(url: string, request: ApiRequest): Promise<ApiAnswer<T>> {
  const { method = "GET", path, body, headers, timeoutMs = 120_000 } = request;
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  return { status: response.status, body: parse(text) as T };
}

/** Sends a request and returns its body. Throws `E2eError` `api_refused` for a status of 400 and above. */
export async function requestApi<T>(url: string, request: ApiRequest): Promise<T> {
  const { status, body } = await callApi<T>(url, request);
  if (status < 400) return body;
  const { method = "GET", path } = request;
  throw new E2eError("api_refused", `${method} ${path}: ${status} ${JSON.stringify(body)?.slice(0, 1000)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
