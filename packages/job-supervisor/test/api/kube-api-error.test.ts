import { describe, expect, test, vi } from "vitest";
import { errorOfAnswer, errorOfFailure, errorOfStatusObject } from "../../src/api/kube-api-error.ts";
import { isTransient, KubeApiError } from "../../src/index.ts";

const answer = (status: number, body = "", retryAfter?: string) =>
  errorOfAnswer({ what: "GET /x", status, body, retryAfter });

describe("errors of the API told apart by what can be done about them", () => {
  test.each([
    [401, "", "unauthorized", false],
    [403, "", "forbidden", false],
    [404, "", "not_found", false],
    [409, '{"reason":"AlreadyExists"}', "already_exists", false],
    [409, '{"reason":"Conflict"}', "conflict", false],
    [410, "", "expired", false],
    [422, "", "invalid", false],
    [429, "", "throttled", true],
    [500, "", "server_error", true],
    [503, "<html>proxy</html>", "server_error", true],
    [504, "", "timeout", true],
  ])("%i %s is %s", (status, body, code, transient) => {
    expect(answer(status, body)).toMatchObject({ code, status });
    expect(isTransient(answer(status, body))).toBe(transient);
  });

  test("Retry-After comes from the header, else from the body's details", () => {
    expect(answer(429, "", "7").retryAfterMs).toBe(7000);
    expect(answer(429, '{"details":{"retryAfterSeconds":3}}').retryAfterMs).toBe(3000);
    expect(answer(429, "", "Wed, 21 Oct 2026 07:28:00 GMT").retryAfterMs).toBeNull();
  });

  test("the API's own words are kept, a proxy's page is cut", () => {
    expect(answer(403, '{"message":"jobs is forbidden"}').message).toBe("GET /x: jobs is forbidden");
    expect(answer(502, "x".repeat(1000)).message.length).toBeLessThan(320);
    expect(answer(500).message).toBe("GET /x: HTTP 500");
  });

  test("an ERROR event is told as its answer would be", () => {
    expect(errorOfStatusObject("watch", { code: 410, reason: "Expired" })).toMatchObject({ code: "expired" });
  });

  test("no answer is unreachable with the socket's own reason, a timeout, or the caller's will", () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    const cause = new TypeError("fetch failed", { cause: refused });
    const failure = (aborted: boolean, timedOut: boolean) =>
      errorOfFailure({ what: "GET /x", cause, aborted, timedOut });
    expect(failure(false, false)).toMatchObject({
      code: "unreachable",
      message: "GET /x: connect (ECONNREFUSED)",
    });
    expect(failure(false, true).code).toBe("timeout");
    expect(failure(true, true).code).toBe("aborted");
  });
});

describe("two copies of the module in one process", () => {
  test("know each other's errors, and nothing else", async () => {
    vi.resetModules();
    const other = await import("../../src/api/kube-api-error.ts");
    const theirs = other.errorOfAnswer({ what: "GET /x", status: 503, body: "", retryAfter: undefined });
    expect(other.KubeApiError).not.toBe(KubeApiError);
    expect(theirs).toBeInstanceOf(KubeApiError);
    expect(answer(503)).toBeInstanceOf(other.KubeApiError);
    expect([isTransient(theirs), other.isTransient(answer(503))]).toEqual([true, true]);
    for (const value of [new Error("no"), { code: "timeout" }, null, "text"])
      expect(value).not.toBeInstanceOf(KubeApiError);
  });

  test("a class that extends it knows only its own", () => {
    class Special extends KubeApiError {}
    const special = new Special({ code: "timeout", message: "late" });
    expect(special).toBeInstanceOf(Special);
    expect(special).toBeInstanceOf(KubeApiError);
    expect(answer(503)).not.toBeInstanceOf(Special);
  });
});
