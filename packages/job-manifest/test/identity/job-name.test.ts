import fc from "fast-check";
import { expect, test } from "vitest";
import { instanceId, jobName } from "../../src/index.ts";
import { exampleSpec } from "../example-spec.ts";

const { naming, identity } = exampleSpec();
const id = fc.stringMatching(/^[a-zA-Z0-9-]{1,200}$/);
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

test("a name has the prefix, both slugs and six hex digits", () => {
  expect(jobName(naming, identity)).toMatch(/^ex-a9e17000-1111-42-b0b0b0b0-1111-42-[0-9a-f]{6}$/);
});

test("G14 any ids give a DNS label of at most 63 characters", () => {
  fc.assert(
    fc.property(id, id, id, fc.integer({ min: 1, max: 999 }), (companyId, agentId, runId, attempt) => {
      const name = jobName(
        { ...naming, jobPrefix: "eighteen-letters--" },
        { companyId, agentId, runId, attempt },
      );
      expect(name).toMatch(DNS_LABEL);
      expect(name.length).toBeLessThanOrEqual(63);
    }),
    { seed: 14, numRuns: 500 },
  );
});

test("G13 two agents whose ids share their first 16 characters have two names", () => {
  const other = { ...identity, agentId: `${identity.agentId.slice(0, -1)}7` };
  expect(jobName(naming, other)).not.toBe(jobName(naming, identity));
});

test("the same run in another company or instance has another name", () => {
  expect(jobName(naming, { ...identity, companyId: "other" })).not.toBe(jobName(naming, identity));
  expect(jobName({ ...naming, instanceId: "other" }, identity)).not.toBe(jobName(naming, identity));
});

test("a second attempt has its number in the name", () => {
  expect(jobName(naming, { ...identity, attempt: 2 })).toBe(`${jobName(naming, identity)}-2`);
});

test("ids without a letter or digit still make a name", () => {
  expect(jobName(naming, { ...identity, agentId: "---", runId: "-" })).toMatch(/^ex-x-x-[0-9a-f]{6}$/);
});

test("an instance is known by its volume and its name", () => {
  const mine = instanceId({ volume: "agents/shared", instance: "default" });
  expect(mine).toMatch(/^[0-9a-f]{10}$/);
  expect(instanceId({ volume: "agents/shared", instance: "default" })).toBe(mine);
  expect(instanceId({ volume: "agents/shared", instance: "other" })).not.toBe(mine);
  expect(instanceId({ volume: "agents/other", instance: "default" })).not.toBe(mine);
});
