import { describe, expect, it } from "vitest";
import { limitsOf, quota } from "../src/limits.ts";

const limit = { kind: "rate_limit", status: "allowed", limitType: "five_hour" } as const;
const shown = (changes: object) => limitsOf({ limits: [{ ...limit, ...changes }] })[0];

describe("R7: the limits that Claude Code is told", () => {
  it("have the names of the host's page", () => {
    const names = ["five_hour", "seven_day", "seven_day_opus", "seven_day_sonnet", "overage", "lunar_month"];
    expect(names.map((limitType) => shown({ limitType })?.label)).toEqual([
      ...["5h", "7d", "Opus 7d", "Sonnet 7d", "Extra usage", "lunar month"],
    ]);
  });

  it("have a text for a name, whatever the stream calls them", () => {
    expect(shown({ limitType: "constructor" })?.label).toBe("constructor");
    expect(shown({ limitType: "__proto__" })?.label).toBe("  proto  ");
  });

  it("are in percent, all of it where the limit is reached, unknown where nothing is said", () => {
    expect(shown({ utilization: 0.917 })?.usedPercent).toBe(92);
    expect(shown({ utilization: 1.4 })?.usedPercent).toBe(100);
    expect(shown({ status: "rejected" })?.usedPercent).toBe(100);
    expect(shown({})?.usedPercent).toBeNull();
  });

  it("end at a time, if it is one", () => {
    expect(shown({ resetsAt: Date.UTC(2100, 0, 1) })?.resetsAt).toBe("2100-01-01T00:00:00.000Z");
    expect(shown({ resetsAt: 1e303 })?.resetsAt).toBeNull();
    expect(shown({})?.resetsAt).toBeNull();
  });
});

it("two accounts are told apart by what the CLI takes them from", () => {
  const environments: Readonly<Record<string, string>>[] = [
    { HOME: "/paperclip", CLAUDE_CODE_OAUTH_TOKEN: "one" },
    { HOME: "/paperclip", CLAUDE_CODE_OAUTH_TOKEN: "two" },
    { HOME: "/paperclip" },
  ];
  expect(new Set(environments.map(quota.account)).size).toBe(3);
});
