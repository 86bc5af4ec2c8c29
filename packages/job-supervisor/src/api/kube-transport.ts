import {
  type HttpMethod,
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
} from "@kubernetes/client-node";
import { errorOfAnswer, errorOfFailure, KubeApiError } from "./kube-api-error.ts";

/** One request to the API server. */
export interface KubeRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Begins with "/api". */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Bound on the time to the answer's head and, unless it is streamed, its body, in ms. Default 30,000. */
  readonly timeoutMs?: number;
}

/** Sends requests to one API server; the only place that touches the network. */
export interface KubeTransport {
  /** The answer's parsed body. Throws `KubeApiError`. */
  json<T>(request: KubeRequest): Promise<T>;
  /** The answer's body as it comes. Throws `KubeApiError` until it begins. */
  stream(request: KubeRequest): Promise<ReadableStream<Uint8Array>>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * A transport with the library's authentication and HTTP. `KubeConfig` makes a connection pool for each
 * request; one is kept here instead, so that requests share connections, and made anew after a 401, since
 * credentials may have been rotated.
 */
export function createKubeTransport(options: {
  kubeConfig: KubeConfig;
  userAgent: string;
  /** Reads the kubeconfig anew where the server does not take its credentials any more. Default: it stays as it is. */
  reload?: () => Promise<KubeConfig>;
}): KubeTransport {
  const { userAgent, reload } = options;
  let { kubeConfig } = options;
  const http = new IsomorphicFetchHttpLibrary();
  let dispatcher: ReturnType<RequestContext["getDispatcher"]>;

  /** A refused request has done nothing: with credentials that somebody has renewed meanwhile it is sent once more. */
  async function send(request: KubeRequest, signal: AbortSignal) {
    const tried = kubeConfig;
    try {
      return await sendOnce(request, signal);
    } catch (error) {
      if (!(error instanceof KubeApiError) || error.code !== "unauthorized" || !reload) throw error;
      // Another request may have been faster: before this one was refused, or while the file is read.
      if (kubeConfig === tried) {
        const loaded = await reload().catch(() => tried);
        if (kubeConfig === tried && loaded.exportConfig() !== tried.exportConfig()) kubeConfig = loaded;
      }
      if (kubeConfig === tried) throw error;
      return await sendOnce(request, signal);
    }
  }

  async function sendOnce(request: KubeRequest, signal: AbortSignal) {
    const context = new RequestContext(addressOf(kubeConfig, request), request.method as HttpMethod);
    await kubeConfig.applySecurityAuthentication(context);
    dispatcher ??= context.getDispatcher();
    if (dispatcher) context.setDispatcher(dispatcher);
    context.setHeaderParam("User-Agent", userAgent);
    context.setHeaderParam("Accept", "application/json");
    if (request.body !== undefined) {
      context.setHeaderParam("Content-Type", request.contentType ?? "application/json");
      context.setBody(JSON.stringify(request.body));
    }
    context.setSignal(signal);
    const answer = await http.send(context).toPromise();
    if (answer.httpStatusCode >= 200 && answer.httpStatusCode < 300) return answer;
    if (answer.httpStatusCode === 401) dispatcher = undefined;
    throw errorOfAnswer({
      what: describe(request),
      status: answer.httpStatusCode,
      body: await answer.body.text(),
      retryAfter: answer.headers["retry-after"],
    });
  }

  return {
    json: (request) =>
      bounded(request, async (signal) => {
        const answer = await send(request, signal);
        return JSON.parse(await answer.body.text());
      }),
    stream: (request) =>
      bounded(request, async (signal) => {
        const answer = await send(request, signal);
        return answer.body.stream() as ReadableStream<Uint8Array>;
      }),
  };
}

function addressOf(kubeConfig: KubeConfig, request: KubeRequest): string {
  const server = kubeConfig.getCurrentCluster()?.server;
  if (!server) {
    throw new KubeApiError({
      code: "unreachable",
      message: "The kubeconfig names no current cluster: choose a context with a cluster in it.",
    });
  }
  const url = new URL(server.replace(/\/$/, "") + request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

/** Runs one request under its time bound. The bound ends with the promise, so a stream lives on after its head. */
async function bounded<T>(request: KubeRequest, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const giveUp = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    giveUp.abort();
  }, request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = request.signal ? AbortSignal.any([request.signal, giveUp.signal]) : giveUp.signal;
  try {
    return await run(signal);
  } catch (cause) {
    if (cause instanceof KubeApiError) throw cause;
    const aborted = request.signal?.aborted === true;
    throw errorOfFailure({ what: describe(request), cause, aborted, timedOut });
  } finally {
    clearTimeout(timer);
  }
}

function describe(request: KubeRequest): string {
  return `${request.method} ${request.path}`;
}
