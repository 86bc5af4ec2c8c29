import { expect, test } from "vitest";
import { createToldLimits } from "../../src/quota/told-limits.ts";

const now = Date.UTC(2026, 0, 1, 12);
const hour = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();
const definition = {
  type: "sample_k8s",
  quota: { provider: "sample", account: ({ TOKEN = "" }: Readonly<Record<string, string>>) => TOKEN },
};
const fiveHours = { label: "5h", usedPercent: 40, resetsAt: at(now + hour) };

test("nothing is shown until a run has been told something, and no source that would stand under another's windows", () => {
  expect(createToldLimits().quotaOf(definition, now)).toEqual({
    ...{ provider: "sample", source: null, ok: true, windows: [] },
  });
});

test("a limit is shown as it was told last, until it begins anew", () => {
  const limits = createToldLimits();
  const environment = { TOKEN: "a" };
  limits.tell({ definition, environment, limits: [fiveHours], now: now - hour });
  limits.tell({ definition, environment, limits: [{ ...fiveHours, usedPercent: 60 }], now });
  expect(limits.quotaOf(definition, now)).toEqual({
    ...{ provider: "sample", source: "runs of sample_k8s", ok: true },
    windows: [
      {
        ...{ label: "5h", usedPercent: 60, resetsAt: at(now + hour), valueLabel: null },
        detail: `As a run was told at ${at(now)}`,
      },
    ],
  });
  expect(limits.quotaOf(definition, now + hour).windows).toEqual([]);
});

test("a limit without an end is shown for the longest time that one may last", () => {
  const limits = createToldLimits();
  limits.tell({ definition, environment: {}, limits: [{ ...fiveHours, resetsAt: null }], now });
  expect(limits.quotaOf(definition, now + 167 * hour).windows).toHaveLength(1);
  expect(limits.quotaOf(definition, now + 168 * hour).windows).toEqual([]);
});

test("K3: accounts are told apart by a number, and nothing of their keys is shown", () => {
  const limits = createToldLimits();
  for (const TOKEN of ["key-one", "key-two", "key-one"])
    limits.tell({ definition, environment: { TOKEN }, limits: [fiveHours], now });
  const shown = limits.quotaOf(definition, now);
  expect(shown.windows.map(({ label }) => label)).toEqual(["5h (account 1)", "5h (account 2)"]);
  expect(JSON.stringify(shown)).not.toContain("key-");
});

test("the limits of one adapter type are not another's", () => {
  const limits = createToldLimits();
  limits.tell({ definition, environment: {}, limits: [fiveHours], now });
  limits.tell({ definition: { type: "mute_k8s" }, environment: {}, limits: [fiveHours], now });
  expect(limits.quotaOf({ ...definition, type: "other_k8s" }, now).windows).toEqual([]);
  expect(limits.quotaOf({ type: "mute_k8s" }, now).windows).toEqual([]);
});
