// What lies between a host and the API server of a schedule: delays, losses, outages, watches that say nothing.
import { KubeApiError, type KubeRequest, type KubeTransport } from "../../src/index.ts";
import type { Change, WatchEvent } from "./api-server.ts";
import type { Cluster } from "./cluster.ts";
import type { Dice } from "./random.ts";
import type { Sim } from "./sim.ts";

/** The trouble that a schedule is in. */
export interface Weather {
  /** Nobody is reached before this. */
  outageUntil: number;
  /** Requests fail with 500 or 429 before this, with this probability. */
  stormUntil: number;
  stormChance: number;
  /** Chance that an answer is lost, and that a request takes seconds. */
  lossChance: number;
  slowChance: number;
}

/** A watch that is open. */
interface OpenWatch {
  push(line: string): void;
  end(error: Error | null): void;
  frozen: boolean;
}

export interface HostNetwork {
  readonly transport: KubeTransport;
  /** Cuts the watches, or lets them say nothing more. */
  disturb(how: "cut" | "freeze"): void;
}

const TIMEOUT_MS = 30_000;
const encoder = new TextEncoder();

export function hostNetwork(options: {
  cluster: Cluster;
  sim: Sim;
  dice: Dice;
  weather: Weather;
  name: string;
  isDead: () => boolean;
  /** Before a request is done, and after it: either may be the host's last moment. */
  onRequest: (moment: "before" | "after", request: KubeRequest) => void;
}): HostNetwork {
  const { cluster, sim, dice, weather, name, isDead, onRequest } = options;
  const open = new Set<OpenWatch>();

  const fails = (code: "unreachable" | "timeout" | "server_error" | "throttled", status: number | null) =>
    new KubeApiError({ code, status, message: code, retryAfterMs: code === "throttled" ? 2000 : null });

  /** Resolves or rejects later, unless the host is dead by then. */
  function answer<T>(request: KubeRequest, serve: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const later = (ms: number, act: () => void) => sim.schedule(() => !isDead() && act(), ms);
      request.signal?.addEventListener("abort", () =>
        reject(new KubeApiError({ code: "aborted", message: "aborted" })),
      );
      if (isDead()) return;
      onRequest("before", request);
      if (isDead()) return;
      const isSlow = dice.chance(weather.slowChance);
      sim.schedule(
        () => {
          if (sim.now() < weather.outageUntil) {
            const hangs = dice.chance(0.3);
            return later(hangs ? TIMEOUT_MS : 1, () =>
              reject(fails(hangs ? "timeout" : "unreachable", null)),
            );
          }
          if (sim.now() < weather.stormUntil && dice.chance(weather.stormChance)) {
            const throttled = dice.chance(0.3);
            return later(1, () => reject(throttled ? fails("throttled", 429) : fails("server_error", 500)));
          }
          let act: () => void;
          try {
            const result = serve();
            act = () => resolve(result);
          } catch (error) {
            act = () => reject(error);
          }
          if (!isDead()) onRequest("after", request);
          if (dice.chance(weather.lossChance)) {
            const hangs = dice.chance(0.3);
            act = () => reject(fails(hangs ? "timeout" : "unreachable", null));
          }
          return later(isSlow ? dice.between(1000, 20_000) : dice.delay(40), act);
        },
        isSlow ? dice.between(1000, 9000) : dice.delay(40),
      );
    });
  }

  function openWatch(request: KubeRequest): ReadableStream<Uint8Array> {
    const resource = request.path.endsWith("/pods") ? "pods" : "jobs";
    const from = Number(request.query?.["resourceVersion"] ?? 0);
    let missed: readonly WatchEvent[] = [];
    let expired = false;
    try {
      missed = cluster.api.since(resource, from);
    } catch {
      expired = true;
    }
    const stream = body();
    const watch: OpenWatch = { frozen: false, push: stream.push, end: (error) => close(error) };
    let deliverAt = sim.now();
    let bookmarkTimer = () => {};
    const deliver = (line: string) => {
      // In order, each some time after it happened.
      deliverAt = Math.max(deliverAt, sim.now() + dice.delay(dice.chance(0.05) ? 10_000 : 200));
      sim.schedule(() => !watch.frozen && !isDead() && watch.push(line), deliverAt - sim.now());
    };
    const tell = (event: WatchEvent) => {
      const line = lineOf(event.type, event.object);
      deliver(line);
      if (dice.chance(0.05)) deliver(line);
    };
    const stop = cluster.api.onChange((change: Change) => {
      if (change.resource === resource) tell(change);
    });
    const bookmark = () => {
      const metadata = { resourceVersion: String(cluster.api.version()) };
      deliver(lineOf("BOOKMARK", { metadata }));
      bookmarkTimer = sim.schedule(bookmark, 120_000);
    };
    const endTimer = sim.schedule(() => close(null), Number(request.query?.["timeoutSeconds"]) * 1000);
    const close = (error: Error | null) => {
      if (!open.delete(watch)) return;
      stop();
      endTimer();
      bookmarkTimer();
      stream.end(error);
    };
    stream.onCancel(() => close(null));
    request.signal?.addEventListener("abort", () => close(new Error("aborted")));
    open.add(watch);
    if (expired) {
      deliver(lineOf("ERROR", { kind: "Status", code: 410, reason: "Expired" }));
      sim.schedule(() => close(null), 300);
    } else {
      for (const event of missed) tell(event);
      bookmarkTimer = sim.schedule(bookmark, 120_000);
    }
    return stream.body;
  }

  return {
    transport: {
      json: (request) => answer(request, () => cluster.handle(request, name) as never),
      stream: (request) => answer(request, () => openWatch(request)),
    },
    disturb: (how) => {
      for (const watch of [...open]) {
        if (how === "cut") watch.end(new Error("cut"));
        else watch.frozen = true;
      }
    },
  };
}

/** One event is the same text for everybody who watches. */
const lines = new WeakMap<object, string>();

function lineOf(type: string, object: object): string {
  const known = lines.get(object);
  if (known?.startsWith(`{"type":"${type}"`)) return known;
  const line = `${JSON.stringify({ type, object })}\n`;
  lines.set(object, line);
  return line;
}

/** As much of a readable stream as is read of it, at a fraction of its cost. */
function body() {
  const chunks: Uint8Array[] = [];
  let waiting: PromiseWithResolvers<{ done: boolean; value?: Uint8Array }> | null = null;
  let ended: { readonly error: Error | null } | null = null;
  let cancelled = () => {};
  const settle = () => {
    if (!waiting) return;
    const chunk = chunks.shift();
    if (chunk) waiting.resolve({ done: false, value: chunk });
    else if (ended?.error) waiting.reject(ended.error);
    else if (ended) waiting.resolve({ done: true });
    else return;
    waiting = null;
  };
  const reader = {
    read: () => {
      const next = Promise.withResolvers<{ done: boolean; value?: Uint8Array }>();
      waiting = next;
      settle();
      return next.promise;
    },
    cancel: async () => {
      cancelled();
      ended ??= { error: null };
      settle();
    },
  };
  return {
    body: { getReader: () => reader } as unknown as ReadableStream<Uint8Array>,
    push: (line: string) => {
      if (ended) return;
      chunks.push(encoder.encode(line));
      settle();
    },
    end: (error: Error | null) => {
      ended ??= { error };
      settle();
    },
    onCancel: (listener: () => void) => {
      cancelled = listener;
    },
  };
}
