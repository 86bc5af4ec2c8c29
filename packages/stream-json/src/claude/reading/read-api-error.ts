import type { JsonObject } from "../../parse-event.ts";
import { type Defined, defined, readNumber, readObject, readString } from "../../read-json.ts";
import type { ClaudeApiError } from "../events.ts";

/** The error fields of an assistant or a result event. */
export function readApiError(value: JsonObject): ClaudeApiError {
  return defined({
    name: readString(value["error"]),
    cause: readString(value["api_error"]),
    status: readNumber(value["api_error_status"]),
    type: readString(value["api_error_type"]),
    resetsAt: readRateLimit(readObject(value["api_error_params"])["rate_limit_info"]).resetsAt,
  });
}

/** The account's limit: its state, its kind, how much of it is used (0 to 1), and when it ends in ms since the epoch. */
export type RateLimit = Defined<{
  status?: string;
  limitType?: string;
  utilization?: number;
  resetsAt?: number;
}>;

/** Reads a `rate_limit_info`, whose time is in seconds. */
export function readRateLimit(info: unknown): RateLimit {
  const value = readObject(info);
  const seconds = readNumber(value["resetsAt"]);
  return defined({
    status: readString(value["status"]),
    limitType: readString(value["rateLimitType"]),
    utilization: readNumber(value["utilization"]),
    resetsAt: seconds === undefined ? undefined : seconds * 1_000,
  });
}
