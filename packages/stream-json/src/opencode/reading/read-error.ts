import { type JsonObject, parseEvent } from "../../parse-event.ts";
import { defined, readNumber, readObject, readString } from "../../read-json.ts";
import type { OpenCodeErrorEvent } from "../events.ts";

/** Reads an `error` event. */
export function readError(value: JsonObject, timestamp: number | undefined): OpenCodeErrorEvent {
  const error = readObject(value["error"]);
  const data = readObject(error["data"]);
  const name = readString(error["name"]) ?? "UnknownError";
  return {
    kind: "error",
    name,
    message: readString(data["message"]) ?? readString(error["message"]) ?? name,
    ...defined({
      status: readNumber(data["statusCode"]),
      isRetryable: typeof data["isRetryable"] === "boolean" ? data["isRetryable"] : undefined,
      type: readApiType(data["responseBody"]),
      retryAt: readRetryAt(readObject(data["responseHeaders"]), timestamp),
      ref: readString(data["ref"]),
    }),
  };
}

/** The `type` of an API's error, which providers put into `error` or above it. */
function readApiType(body: unknown): string | undefined {
  const answer = typeof body === "string" ? parseEvent(body) : undefined;
  if (answer?.kind !== "json") return undefined;
  return readString(readObject(answer.value["error"])["type"]) ?? answer.type;
}

/** Headers tell a moment, in seconds since the epoch or as a date, or a time from now: seconds, or ms. */
function readRetryAt(headers: JsonObject, now: number | undefined): number | undefined {
  const numberOf = (name: string): number | undefined => {
    const text = readString(headers[name]);
    return text === undefined ? undefined : readNumber(Number(text));
  };
  const moment = scaled(numberOf("anthropic-ratelimit-unified-reset")) ?? readDate(headers["retry-after"]);
  if (moment !== undefined) return moment;
  const ms = numberOf("retry-after-ms") ?? scaled(numberOf("retry-after"));
  return ms === undefined || now === undefined ? undefined : now + ms;
}

/** A date of HTTP, whole: `Date.parse` makes something of half a one, too. */
function readDate(value: unknown): number | undefined {
  const text = readString(value) ?? "";
  const isWhole = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text);
  return isWhole ? readNumber(Date.parse(text)) : undefined;
}

function scaled(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
