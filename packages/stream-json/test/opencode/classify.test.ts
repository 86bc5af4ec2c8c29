import { expect, test } from "vitest";
import {
  classifyOpenCodeFailure,
  type FailureFamily,
  parseEvent,
  readOpenCodeEvent,
} from "../../src/index.ts";
import { fixture } from "./fixture.ts";

const api = { name: "APIError", message: "No." };

test.each([
  [400, "invalid_request"],
  [401, "auth_required"],
  [402, "billing_required"],
  [403, "auth_required"],
  [404, "model_not_found"],
  [413, "context_overflow"],
  [429, "provider_quota"],
  [500, "transient_upstream"],
  [529, "transient_upstream"],
] as [number, FailureFamily][])("An API error with status %i alone is %s", (status, family) => {
  expect(classifyOpenCodeFailure({ ...api, status })).toBe(family);
});

test.each([
  ["ProviderAuthError", "auth_required"],
  ["ContextOverflowError", "context_overflow"],
  ["ContentFilterError", "model_refusal"],
  ["MessageOutputLengthError", "output_limit"],
  ["ProviderModelNotFoundError", "model_not_found"],
  ["MessageAbortedError", "unclassified"],
  ["UnknownError", "unclassified"],
  ["constructor", "unclassified"],
] as [string, FailureFamily][])("The error %s is %s", (name, family) => {
  expect(classifyOpenCodeFailure({ name, message: "rate limit" })).toBe(family);
});

test("Without a status an API error that may be tried again is of the way to the provider", () => {
  expect(classifyOpenCodeFailure({ ...api, isRetryable: true })).toBe("transient_upstream");
  expect(classifyOpenCodeFailure({ ...api, isRetryable: false })).toBe("unclassified");
});

test("An answer with a status that tells of no failure was no refusal of the request", () => {
  expect(classifyOpenCodeFailure({ ...api, status: 200, isRetryable: false })).toBe("unclassified");
  expect(classifyOpenCodeFailure({ ...api, status: 302, isRetryable: true })).toBe("transient_upstream");
});

test("A refusal that may be tried again is of the way to the provider, unless its status says more", () => {
  expect(classifyOpenCodeFailure({ ...api, status: 409, isRetryable: true })).toBe("transient_upstream");
  expect(classifyOpenCodeFailure({ ...api, status: 409, isRetryable: false })).toBe("invalid_request");
  expect(classifyOpenCodeFailure({ ...api, status: 429, isRetryable: true })).toBe("provider_quota");
  expect(classifyOpenCodeFailure({ ...api, status: 401, isRetryable: true })).toBe("auth_required");
});

test("The API's type counts more than the status: a 429 for want of credit is no limit that ends", () => {
  expect(classifyOpenCodeFailure({ ...api, status: 429, type: "insufficient_quota" })).toBe(
    "billing_required",
  );
});

test("R10: the words about credit and history count only where the API refused the request", () => {
  const message = "Your credit balance is too low; previous_message_id";
  expect(classifyOpenCodeFailure({ ...api, message, status: 400 })).toBe("billing_required");
  expect(classifyOpenCodeFailure({ ...api, message, status: 529 })).toBe("transient_upstream");
  expect(classifyOpenCodeFailure({ name: "UnknownError", message })).toBe("unclassified");
});

test("R7: the provider's headers tell from when on a retry makes sense", () => {
  const [line = ""] = fixture("api-401").lines;
  const retryAt = (headers: object) => {
    const event = JSON.parse(line);
    event.error.data.responseHeaders = headers;
    const read = readOpenCodeEvent(parseEvent(JSON.stringify(event)));
    return read.kind === "error" ? read.retryAt : undefined;
  };
  const now = Date.UTC(2026, 0, 1);
  expect(retryAt({ "retry-after": "3600" })).toBe(now + 3_600_000);
  expect(retryAt({ "retry-after-ms": "10", "retry-after": "3600" })).toBe(now + 10);
  expect(retryAt({ "anthropic-ratelimit-unified-reset": "4102444800" })).toBe(Date.UTC(2100, 0, 1));
  expect(retryAt({ "retry-after": "Wed, 21 Oct 2037 07:28:00 GMT" })).toBe(Date.UTC(2037, 9, 21, 7, 28));
  expect(retryAt({ "retry-after": "Wed, 41 Oct 2037 07:28:00 GMT" })).toBeUndefined();
  expect(retryAt({ "retry-after": "Thu, 01 Jan" })).toBeUndefined();
});
