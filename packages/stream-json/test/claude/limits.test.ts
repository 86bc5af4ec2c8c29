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
