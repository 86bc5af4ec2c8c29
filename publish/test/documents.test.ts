// That links lead somewhere is seen by `lint`. Here: that docs/README.md leads to everything.
import { expect, test } from "vitest";
import { linkedFrom, reachableFrom } from "../src/documents.ts";
import { publicPackages, repositoryRoot } from "../src/release.ts";
import { run } from "../src/run.ts";

const INDEX = "docs/README.md";

/** Every document that is kept, but what changesets make and use up. */
async function documents(): Promise<readonly string[]> {
  const listed = await run(["git", "ls-files", "*.md"], { cwd: repositoryRoot, env: process.env });
  const generated = /^\.changeset\/|(?:^|\/)CHANGELOG\.md$/;
  return listed
    .trim()
    .split("\n")
    .filter((path) => !generated.test(path));
}

test("every document can be reached from the index", async () => {
  const all = await documents();
  const reached = await reachableFrom(INDEX);
  expect(all.length).toBeGreaterThan(15);
  expect(all.filter((path) => !reached.has(path))).toEqual([]);
});

test("the index itself names every package and every example", async () => {
  const named = await linkedFrom(INDEX);
  const readmes = (await documents()).filter((path) => /^examples\/[^/]+\/README\.md$/.test(path));
  const packages = (await publicPackages()).map(({ folder }) => `${folder}/README.md`);
  expect([...packages, ...readmes].filter((path) => !named.includes(path))).toEqual([]);
});
