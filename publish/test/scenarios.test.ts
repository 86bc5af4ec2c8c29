// docs/scenarios.md says which tests stand for what went wrong in production: it leaves none out, and is up to date.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { idsOf, testFiles } from "../../scripts/scenarios/carried-ids.ts";
import { scenarioGroups } from "../../scripts/scenarios/list.ts";
import { scenarioMap } from "../../scripts/scenarios/map.ts";
import { repositoryRoot } from "../src/release.ts";

const files = testFiles(repositoryRoot);
const carried = new Set(files.flatMap(({ ids }) => [...ids]));
const known = scenarioGroups.flatMap(({ scenarios }) => Object.keys(scenarios));

test("every scenario has a test whose title carries its id", () => {
  expect(known.filter((id) => !carried.has(id))).toEqual([]);
});

test("every id in a title is a scenario's", () => {
  expect([...carried].filter((id) => !known.includes(id))).toEqual([]);
});

test("docs/scenarios.md is what `pnpm tables` writes", async () => {
  const page = await readFile(join(repositoryRoot, "docs/scenarios.md"), "utf8");
  const [, written = ""] = page.split(/^<!-- \/?scenarios.*-->\n/m);
  const isCurrent = written.trim() === scenarioMap(scenarioGroups, files);
  expect(isCurrent, "titles have changed: run `pnpm tables`").toBe(true);
});

describe("the ids of a title", () => {
  test.each([
    ["L7: names the model", ["L7"]],
    ["R1 L17: the stderr is understood", ["R1", "L17"]],
    ["H7, C14: a claim that is not there", ["H7", "C14"]],
    ["X1 K1 cancelled during %s", ["X1", "K1"]],
    ["R9", ["R9"]],
    ["a line of 10 MiB arrives (L5, L8)", ["L5", "L8"]],
    ["does not show it (K3): %j", ["K3"]],
  ])("%j are %j", (title, ids) => {
    expect(idsOf(title)).toEqual(ids);
  });

  test.each(["the K8s API", "L123 is no id", "H2O", "an agent that says C4 aloud"])(
    "%j has none",
    (title) => {
      expect(idsOf(title)).toEqual([]);
    },
  );
});
