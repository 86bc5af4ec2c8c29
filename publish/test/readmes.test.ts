// The README of a package is what a stranger sees first: each has the same parts, and leaves no option and no error out.
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { codesIn, fieldsOf, sourcesOf } from "../src/readmes.ts";
import { publicPackages, repositoryRoot } from "../src/release.ts";

/** The interfaces whose every field an option is. Those of adapters are in tables that are generated and tested there. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  "packages/adapter-core": ["AgentDefinition"],
  "packages/file-tailer": ["TailOptions"],
  "packages/job-manifest": ["AgentRunSpec", "RunBounds", "SharedVolume"],
  "packages/job-supervisor": ["SupervisorOptions", "LaunchRequest"],
  "packages/kube-sandbox": ["KubeSandboxOptions", "Delays"],
};

const packages = await Promise.all(
  (await publicPackages()).map(async ({ name, folder }) => ({
    ...{ name, folder, sources: await sourcesOf(folder) },
    readme: await readFile(join(repositoryRoot, folder, "README.md"), "utf8"),
  })),
);

describe.each(packages)("the README of $name", ({ name, folder, readme, sources }) => {
  const headings = (readme.match(/^##+ .*$/gm) ?? []).map((line) => line.replace(/^#+ /, ""));

  test("says in one sentence what it is", () => {
    const [title, sentence] = readme.split("\n\n");
    expect(title).toBe(`# ${name}`);
    expect(sentence).toMatch(/^[A-Z][^\n]*\.$/);
    expect(sentence).not.toMatch(/\. [A-Z]/);
  });

  test("says how to install it, with everything that its example imports", () => {
    const [, installed = ""] = /```sh\nnpm install (?:--save-dev )?([^\n]*)\n```/.exec(readme) ?? [];
    const [, example = ""] = /```[jt]s\n([\s\S]*?)```/.exec(readme) ?? [];
    const imported = [...example.matchAll(/ from "((?!node:)[^"]+)";/g)].map(([, from]) => from);
    expect(imported).toContain(name);
    expect(installed.split(" ").sort()).toEqual([...new Set(imported)].sort());
  });

  test("has an example, and the package a test for it", async () => {
    await access(join(repositoryRoot, folder, "test/readme.test.ts"));
  });

  test("says what is promised, what is not, what can be set and what can fail", () => {
    expect(headings).toContain("Guarantees");
    expect(readme).toMatch(/\| not promised|^Not promised: /m);
    expect(headings.join("\n")).toMatch(/^(Options|Parameters)\b/m);
    expect(headings.join("\n")).toMatch(/^(Errors|Failures)$/m);
  });

  test("has every code that its errors and failures may have", () => {
    expect(codesIn(sources).filter((code) => !readme.includes(`\`${code}\``))).toEqual([]);
  });

  test("has every option", () => {
    const options = (OPTIONS[folder] ?? []).flatMap((type) => fieldsOf(type, sources));
    const named = new Set([...readme.matchAll(/`[^`\n]*`/g)].flatMap(([code]) => code.match(/\w+/g) ?? []));
    expect(options.filter((option) => !named.has(option))).toEqual([]);
  });
});

test("codes and options are found where there are some", () => {
  const count = (folder: string) => codesIn(packages.find((one) => one.folder === folder)!.sources).length;
  const folders = ["file-tailer", "job-manifest", "job-supervisor", "kube-sandbox", "stream-json"];
  expect(folders.map((folder) => [folder, count(`packages/${folder}`) >= 5])).toEqual(
    folders.map((folder) => [folder, true]),
  );
});
