import type { KubeList } from "../api/kube-api.ts";
import { isTransient, KubeApiError } from "../api/kube-api-error.ts";
import type { KubeTransport } from "../api/kube-transport.ts";
import { type Clock, sleep } from "../clock.ts";
import { createBackoff } from "./backoff.ts";
import { createStore, isOlderVersion, type KubeObject, type Store, type WritableStore } from "./store.ts";
import { readWatch } from "./watch-stream.ts";

/** A store that is kept equal to what the API server has. */
export interface Reflector<T extends KubeObject> {
  readonly store: Store<T>;
  /**
   * Resolves once the store equals a list. Rejects with the error of a list that waiting does not mend
   * (missing rights), and with code `timeout` after `withinMs`.
   */
  whenSynced(withinMs: number): Promise<void>;
  /** When the server last said anything (an answer, an event, a bookmark), in ms since the epoch; null: never. */
  lastHeard(): number | null;
  /** When a list last began whose answer the store equals, in ms since the epoch; null: never. */
  lastListed(): number | null;
  /** Whether the last attempt to list or watch worked. */
  healthy(): boolean;
  /** Calls `listener` when `healthy()` changes. */
  onHealth(listener: () => void): () => void;
  close(): void;
}

/** The library's informer cuts each watch at 30 s; the server is asked for 5 to 10 minutes, at random. */
const SHORTEST_WATCH_MS = 300_000;
/** A server that ends its watch on time is heard by then; one that is not has gone without a word. */
const WATCHDOG_SLACK_MS = 30_000;
/** Bookmarks come about once a minute; two that are missing mean a half-open connection. */
const SILENCE_MS = 150_000;
/** With the first renewal after this the view is listed anew: an event that was lost on its way is in no other one. */
const RELIST_AFTER_MS = 3_600_000;
/** How often a list that is older than what was seen is not believed. */
const DISBELIEVED_LISTS = 2;
const PAGE = 500;
const SHORT_LIVED_MS = 1000;

/**
 * Lists, then watches, for ever: as client-go's reflector does and the library's informer does not. Costs
 * one request per 5 to 10 minutes while nothing changes, and a list about once an hour.
 */
export function startReflector<T extends KubeObject>(options: {
  transport: KubeTransport;
  /** The collection: "/apis/batch/v1/namespaces/x/jobs". */
  path: string;
  labelSelector: string;
  clock: Clock;
  random: () => number;
  silenceMs?: number;
}): Reflector<T> {
  const { transport, path, labelSelector, clock, random, silenceMs = SILENCE_MS } = options;
  const store: WritableStore<T> = createStore<T>();
  const closing = new AbortController();
  const backoff = createBackoff({ random });
  const healthListeners = new Set<() => void>();
  const attempts = new Set<(error: KubeApiError | null) => void>();
  let heard: number | null = null;
  let listed: number | null = null;
  let healthy = false;
  /** Where the next watch begins; empty: list first. */
  let resourceVersion = "";
  /** The latest version that the server has shown. */
  let latest = "";
  let disbelieved = 0;

  function setHealthy(value: boolean): void {
    if (healthy === value) return;
    healthy = value;
    for (const listener of [...healthListeners]) listener();
  }

  function tellAttempt(error: KubeApiError | null): void {
    for (const listener of [...attempts]) listener(error);
  }

  function whenSynced(withinMs: number): Promise<void> {
    if (listed !== null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (error: KubeApiError | null) => {
        cancel();
        attempts.delete(settle);
        if (error) reject(error);
        else resolve();
      };
      const late = new KubeApiError({
        code: "timeout",
        message: `GET ${path}: no answer within ${withinMs} ms`,
      });
      const cancel = clock.schedule(() => settle(late), withinMs);
      attempts.add(settle);
    });
  }

  async function list(): Promise<string> {
    const startedAt = clock.now();
    const objects: T[] = [];
    let next: string | undefined;
    let listVersion = "";
    do {
      const query = { labelSelector, limit: PAGE, continue: next };
      const page: KubeList<T> = await transport.json({ method: "GET", path, query, signal: closing.signal });
      objects.push(...page.items);
      next = page.metadata.continue || undefined;
      listVersion = page.metadata.resourceVersion ?? "";
    } while (next);
    if (isOlderVersion(listVersion, latest) && disbelieved < DISBELIEVED_LISTS) {
      disbelieved += 1;
      throw new KubeApiError({
        code: "server_error",
        message: `GET ${path}: a list of version ${listVersion}, older than ${latest}, which was seen before`,
      });
    }
    disbelieved = 0;
    latest = listVersion;
    store.replace(objects);
    heard = clock.now();
    listed = startedAt;
    return listVersion;
  }

  /** Follows one watch to its end. What it has delivered is kept, however it ends, so that the next one goes on from there. */
  async function watch(): Promise<void> {
    const startedAt = clock.now();
    const watchMs = SHORTEST_WATCH_MS * (1 + random());
    const query = {
      labelSelector,
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion,
      timeoutSeconds: Math.round(watchMs / 1000),
    };
    const giveUp = new AbortController();
    const stopWatchdog = clock.schedule(() => giveUp.abort(), watchMs + WATCHDOG_SLACK_MS);
    const signal = AbortSignal.any([closing.signal, giveUp.signal]);
    try {
      const body = await transport.stream({ method: "GET", path, query, signal });
      setHealthy(true);
      for await (const event of readWatch<T>({ body, what: `watch of ${path}`, clock, silenceMs })) {
        heard = clock.now();
        backoff.reset();
        const version = event.object.metadata?.resourceVersion ?? resourceVersion;
        // After an event that came late the next watch must not begin before what is known.
        if (!isOlderVersion(version, resourceVersion)) resourceVersion = version;
        if (!isOlderVersion(resourceVersion, latest)) latest = resourceVersion;
        if (event.type === "DELETED") store.remove(event.object);
        else if (event.type !== "BOOKMARK") store.set(event.object);
      }
    } finally {
      stopWatchdog();
    }
    // A server (or a proxy) that ends every watch at once must not be asked again at once.
    if (clock.now() - startedAt < SHORT_LIVED_MS) await rest(null);
    else backoff.reset();
  }

  const rest = (retryAfterMs: number | null) =>
    sleep({ clock, ms: backoff.next(retryAfterMs), signal: closing.signal });

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        if (resourceVersion === "" || clock.now() - (listed ?? 0) >= RELIST_AFTER_MS) {
          resourceVersion = await list();
          setHealthy(true);
          tellAttempt(null);
        }
        await watch();
      } catch (error) {
        if (closing.signal.aborted) return;
        setHealthy(false);
        const refused = error instanceof KubeApiError ? error : null;
        if (refused && !mayResume(refused)) resourceVersion = "";
        // It says itself that it is behind: its next list is believed.
        if (refused?.status === 504) latest = "";
        if (refused && PERMANENT.has(refused.code)) tellAttempt(refused);
        await rest(refused?.retryAfterMs ?? null);
      }
    }
  }

  void run();
  return {
    store,
    whenSynced,
    lastHeard: () => heard,
    lastListed: () => listed,
    healthy: () => healthy,
    onHealth: (listener) => {
      healthListeners.add(listener);
      return () => healthListeners.delete(listener);
    },
    close: () => closing.abort(),
  };
}

/**
 * Whether the next watch may go on where this one ended. A server that was restored from a backup answers 504
 * ("Too large resource version") to a version that it will only reach some day.
 */
function mayResume(error: KubeApiError): boolean {
  return isTransient(error) && error.status !== 504;
}

/** Errors that waiting alone does not mend. The loop goes on all the same: rights may be given later. */
const PERMANENT: ReadonlySet<string> = new Set(["unauthorized", "forbidden", "not_found", "invalid"]);
