import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { createKubeTransport, type KubeTransport } from "../../src/index.ts";

export interface Item {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
}

export const item = (uid: string, resourceVersion: number, name = uid): Item => ({
  metadata: { name, uid, resourceVersion: String(resourceVersion) },
});

/** An open watch that the test writes to. */
export interface OpenWatch {
  readonly query: URLSearchParams;
  event(type: string, object: object): void;
  raw(text: string): void;
  end(): void;
  cut(): void;
}

type Refusal = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: object };

/** A collection that lists what it is told to and leaves its watches to the test. */
export interface WatchServer extends AsyncDisposable {
  readonly transport: KubeTransport;
  items: Item[];
  version: number;
  readonly lists: URLSearchParams[];
  readonly watches: OpenWatch[];
  /** The watch that is open now. */
  current(): OpenWatch;
  /** What answers the next lists or watches instead. */
  readonly refuse: { list: Refusal[]; watch: Refusal[] };
  /** Answers everything so, while it is set. */
  refuseAll: Refusal | null;
  pageSize: number;
  /** What clients have closed. */
  closed: number;
}

export async function watchServer(): Promise<WatchServer> {
  const server = createServer((request, response) => serve(state, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser({ name: "test", server: url, skipTLSVerify: true }, { name: "test" });
  const state: WatchServer = {
    transport: createKubeTransport({ kubeConfig, userAgent: "test" }),
    items: [],
    version: 1,
    lists: [],
    watches: [],
    current: () => {
      const last = state.watches.at(-1);
      if (!last) throw new Error("no watch is open");
      return last;
    },
    refuse: { list: [], watch: [] },
    refuseAll: null,
    pageSize: 500,
    closed: 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

function serve(state: WatchServer, request: IncomingMessage, response: ServerResponse): void {
  const query = new URL(request.url ?? "/", "http://x").searchParams;
  const isWatch = query.get("watch") === "true";
  const refusal = state.refuseAll ?? (isWatch ? state.refuse.watch : state.refuse.list).shift();
  if (isWatch) openWatch(state, query, response);
  else state.lists.push(query);
  if (refusal) {
    response.writeHead(refusal.status, { "content-type": "application/json", ...refusal.headers });
    response.end(JSON.stringify(refusal.body ?? { kind: "Status", message: "refused", reason: "Test" }));
  } else if (isWatch) {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
  } else {
    const from = Number(query.get("continue") ?? 0);
    const to = from + state.pageSize;
    const metadata = {
      resourceVersion: String(state.version),
      continue: to < state.items.length ? String(to) : "",
    };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ metadata, items: state.items.slice(from, to) }));
  }
}

function openWatch(state: WatchServer, query: URLSearchParams, response: ServerResponse): void {
  response.once("close", () => {
    state.closed += 1;
  });
  state.watches.push({
    query,
    event: (type, object) => void response.write(`${JSON.stringify({ type, object })}\n`),
    raw: (text) => void response.write(text),
    end: () => void response.end(),
    cut: () => void response.destroy(),
  });
}
