import { errorOfStatusObject, KubeApiError } from "../api/kube-api-error.ts";
import type { Clock } from "../clock.ts";

/** One event of a watch. */
export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: T;
}

/**
 * Reads a watch's body event by event. Ends when the server ends it; throws a `KubeApiError` on an ERROR
 * event, on a line that is not JSON (a response cut in the middle), and with code `timeout` when nothing
 * came for `silenceMs`: a half-open connection says nothing for ever.
 */
export async function* readWatch<T>(options: {
  body: ReadableStream<Uint8Array>;
  what: string;
  clock: Clock;
  silenceMs: number;
}): AsyncGenerator<WatchEvent<T>> {
  const { body, what, clock, silenceMs } = options;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let silent = false;
  let stopWatchdog = () => {};
  try {
    for (;;) {
      stopWatchdog = clock.schedule(() => {
        silent = true;
        void reader.cancel().catch(() => {});
      }, silenceMs);
      const chunk = await readOrFail(reader, what);
      stopWatchdog();
      if (silent) throw new KubeApiError({ code: "timeout", message: `${what}: silent for ${silenceMs} ms` });
      if (chunk === null) return;
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield parseEvent<T>(line, what);
    }
  } finally {
    stopWatchdog();
    await reader.cancel().catch(() => {});
  }
}

async function readOrFail(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  what: string,
): Promise<Uint8Array | null> {
  try {
    const { done, value } = await reader.read();
    return done ? null : value;
  } catch (cause) {
    throw new KubeApiError({ code: "unreachable", message: `${what}: the connection broke`, cause });
  }
}

function parseEvent<T>(line: string, what: string): WatchEvent<T> {
  let event: { type: string; object: unknown };
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new KubeApiError({ code: "server_error", message: `${what}: a line that is not JSON`, cause });
  }
  if (event.type === "ERROR") throw errorOfStatusObject(what, event.object as { code?: number });
  return event as WatchEvent<T>;
}
