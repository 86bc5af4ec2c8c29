import { expect, test } from "vitest";
import { fixture, reduce } from "./fixture.ts";

const year2100 = Date.UTC(2100, 0, 1);

test("R7: a limit that is near is told with how much is used and when it ends", () => {
  const { limits, failure } = reduce(fixture("limits-told").lines);
  expect(limits).toMatchObject([
    { limitType: "five_hour", status: "allowed_warning", utilization: 0.92, resetsAt: year2100 },
  ]);
  expect(failure).toBeUndefined();
});

test("R7: a limit that is reached is told as rejected", () => {
  expect(reduce(fixture("api-429-subscription").lines).limits).toMatchObject([
    { limitType: "five_hour", status: "rejected", resetsAt: year2100 },
  ]);
});

const told = (rateLimitType: string, utilization: number) =>
  JSON.stringify({
    type: "rate_limit_event",
    rate_limit_info: { status: "allowed", rateLimitType, utilization },
  });

test("a limit counts as it was told last", () => {
  const { limits } = reduce([told("seven_day", 0.1), told("five_hour", 0.2), told("seven_day", 0.3)]);
  expect(limits.map(({ limitType, utilization }) => [limitType, utilization])).toEqual([
    ["seven_day", 0.3],
    ["five_hour", 0.2],
  ]);
});

test("a stream that names ever new limits does not make the result grow", () => {
  const lines = Array.from({ length: 1000 }, (_, index) => told(`limit_${index}`, 0.5));
  const { limits } = reduce([...lines, told("limit_0", 0.9)]);
  expect(limits).toHaveLength(16);
  expect(limits[0]).toMatchObject({ limitType: "limit_0", utilization: 0.9 });
});

const limit = (info: object) => JSON.stringify({ type: "rate_limit_event", rate_limit_info: info });
const refused = JSON.stringify({ type: "result", is_error: true, api_error_status: 429, result: "Limit." });
const rejected = (rateLimitType: string, resetsAt: number) =>
  limit({ status: "rejected", rateLimitType, resetsAt });

test("R7: a limit that was reached ends when it said, whatever was told of another one since", () => {
  const other = limit({ status: "allowed_warning", rateLimitType: "seven_day", resetsAt: 3e9 });
  expect(reduce([rejected("five_hour", 2e9), other, refused]).failure).toMatchObject({
    family: "provider_quota",
    retryAt: 2e12,
  });
});

test("R7: of several limits that were reached, the one counts that the provider named last", () => {
  const lines = [rejected("seven_day", 3e9), rejected("five_hour", 2e9)];
  expect(reduce([...lines, refused]).failure?.retryAt).toBe(2e12);
});

test("R7: a limit that was reached is over as soon as it is told otherwise", () => {
  const over = limit({ status: "allowed", rateLimitType: "five_hour", resetsAt: 3e9 });
  expect(reduce([rejected("five_hour", 2e9), over, refused]).failure).not.toHaveProperty("retryAt");
});
