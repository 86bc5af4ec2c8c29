// A collection at the transport's port, whose watches can be made to do anything.
import {
  KubeApiError,
  type KubeApiErrorCode,
  type KubeRequest,
  type KubeTransport,
} from "../../src/index.ts";
import type { FakeClock } from "../support/fake-clock.ts";
import { type Item, item } from "../support/watch-server.ts";
import type { Trouble } from "./rig.ts";

interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Item;
  readonly version: number;
}

interface OpenWatch {
  readonly trouble: Trouble["kind"] | null;
  told: number;
  held: string | null;
  write(text: string): void;
  end(error?: Error): void;
}

const BOOKMARK_MS = 60_000;
/** How long an event waits for a later one to come first. */
const HELD_MS = 5000;
const GONE = `${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 410 } })}\n`;

export function createCollection(clock: FakeClock) {
  const objects = new Map<string, Item>();
  const history: Change[] = [];
  const open = new Set<OpenWatch>();
  const counts = { lists: 0, watches: 0 };
  const next: Trouble[] = [];
  const during = new Set<Trouble["kind"]>();
  let version = 10;
  let compactedAt = 0;
  let serial = 0;
  let stale: { items: Item[]; version: number } | null = null;

  const refuse = (
    code: KubeApiErrorCode,
    status: number | null,
    retryAfterMs: number | null = null,
  ): never => {
    throw new KubeApiError({ code, status, retryAfterMs, message: code });
  };

  function change(type: Change["type"], object: Item): void {
    if (type === "DELETED") objects.delete(object.metadata.name);
    else objects.set(object.metadata.name, object);
    const one = { type, object, version };
    history.push(one);
    for (const watch of [...open]) tell(watch, one);
  }

  /** One event as the watch's trouble lets it through. */
  function tell(watch: OpenWatch, { type, object }: Change): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    watch.told += 1;
    const struck = STRIKES[watch.trouble ?? "none"];
    if (struck) struck(watch, line);
    else watch.write(line);
  }

  /** What each trouble makes of an event. */
  const STRIKES: Partial<Record<Trouble["kind"] | "none", (watch: OpenWatch, line: string) => void>> = {
    half_open: () => {},
    lost: (watch, line) => {
      if (watch.told > 3) watch.write(line);
    },
    duplicated: (watch, line) => watch.write(line + line),
    reordered: (watch, line) => {
      if (watch.held === null) {
        watch.held = line;
        clock.schedule(() => watch.held && watch.write(watch.held), HELD_MS);
      } else watch.write(line + watch.held);
      if (watch.held !== line) watch.held = null;
    },
    cut_in_a_line: (watch, line) => {
      if (watch.told < 2) watch.write(line);
      else {
        watch.write(line.slice(0, line.length / 2));
        watch.end(new Error("cut"));
      }
    },
    clean_end: (watch, line) => {
      watch.write(line);
      watch.end();
    },
    gone_in_stream: (watch) => {
      watch.write(GONE);
      watch.end();
    },
  };

  function list(): object {
    counts.lists += 1;
    if (next[0]?.kind === "gone_in_list") {
      next.shift();
      refuse("expired", 410);
    }
    const seen = stale ?? { items: [...objects.values()], version };
    stale = null;
    return { items: seen.items, metadata: { resourceVersion: String(seen.version) } };
  }

  function watch(request: KubeRequest): ReadableStream<Uint8Array> {
    counts.watches += 1;
    const trouble = next.shift() ?? null;
    if (trouble?.kind === "throttled") refuse("throttled", 429, trouble.retryAfterSec * 1000);
    const from = Number(request.query?.["resourceVersion"]);
    return new ReadableStream({
      start: (controller) => {
        let isOpen = true;
        const one: OpenWatch = {
          ...{ trouble: trouble?.kind ?? null, told: 0, held: null },
          write: (text) => void (isOpen && controller.enqueue(new TextEncoder().encode(text))),
          end: (error) => {
            if (!isOpen) return;
            isOpen = false;
            open.delete(one);
            cancelBookmark();
            if (error) controller.error(error);
            else controller.close();
          },
        };
        let cancelBookmark = () => {};
        const bookmark = () => {
          if (one.trouble === "half_open") return;
          const object = { metadata: { resourceVersion: String(version) } };
          one.write(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
          cancelBookmark = clock.schedule(bookmark, BOOKMARK_MS);
        };
        cancelBookmark = clock.schedule(bookmark, BOOKMARK_MS);
        if (one.trouble !== "half_open")
          clock.schedule(() => one.end(), Number(request.query?.["timeoutSeconds"]) * 1000);
        request.signal?.addEventListener("abort", () => one.end(new Error("aborted")));
        open.add(one);
        if (from < compactedAt) {
          one.write(GONE);
          one.end();
          return;
        }
        for (const missed of history.filter(({ version: at }) => at > from)) tell(one, missed);
      },
    });
  }

  /** What strikes every request while it lasts. */
  function meet(): void {
    if (during.has("outage")) refuse("unreachable", null);
    if (during.has("server_errors")) refuse("server_error", 500);
    if (during.has("expired_credentials")) refuse("unauthorized", 401);
  }

  const counted = <T>(kind: "lists" | "watches", serve: () => T): T => {
    if (during.size > 0) counts[kind] += 1;
    meet();
    return serve();
  };
  const transport: KubeTransport = {
    json: async () => counted("lists", list) as never,
    stream: async (request) => counted("watches", () => watch(request)),
  };
  const cutAll = () => {
    for (const one of [...open]) one.end(new Error("cut"));
  };
  const compact = () => {
    compactedAt = version + 1;
    version += 1;
    history.length = 0;
  };

  return {
    transport,
    items: () => objects.values(),
    requests: () => ({ ...counts }),
    create: (name: string) => {
      version += 1;
      serial += 1;
      change("ADDED", item(`${name}-${serial}`, version, name));
    },
    modify: (name: string) => {
      version += 1;
      const uid = objects.get(name)?.metadata.uid ?? "";
      change("MODIFIED", item(uid, version, name));
    },
    remove: (name: string) => {
      version += 1;
      const uid = objects.get(name)?.metadata.uid ?? "";
      change("DELETED", item(uid, version, name));
    },
    begin: (trouble: Trouble): (() => Promise<void>) => {
      if (["outage", "server_errors", "expired_credentials"].includes(trouble.kind)) during.add(trouble.kind);
      else if (trouble.kind === "stale_list") stale = { items: [...objects.values()], version };
      else if (trouble.kind === "gone_in_list") next.push(trouble, trouble);
      else if (trouble.kind !== "compacted") next.push(trouble);
      if (trouble.kind === "compacted" || trouble.kind === "gone_in_list") compact();
      if (trouble.kind !== "stale_list") cutAll();
      return async () => {
        if (trouble.kind === "outage") compact();
        during.delete(trouble.kind);
      };
    },
  };
}
