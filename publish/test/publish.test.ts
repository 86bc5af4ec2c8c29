// From the workspace to a stranger's empty project: versions, packs, publishes, installs, imports, type-checks.
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkTypes } from "../src/check-types.ts";
import { nodeVersion } from "../src/package-tools.ts";
import { publicPackages } from "../src/release.ts";
import { type Released, release } from "../src/release-to-registry.ts";
import { run } from "../src/run.ts";
import {
  entriesOf,
  importUnder,
  installInto,
  promisedVersions,
  type UserProject,
} from "../src/user-project.ts";

const before = await publicPackages();
let folder: string;
let released: Released;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "publish-")));
  released = await release({ folder });
}, 180_000);
afterAll(async () => {
  await released?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const publishedAs = (name: string) => {
  const found = released.packages.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not published`);
  return found;
};

/** A project of its own, with one package in it. */
async function project(
  tool: "npm" | "pnpm",
  name: string,
  more: readonly string[] = [],
): Promise<UserProject> {
  const own = { folder: join(folder, tool, name.replace("/", "+")), env: released.env };
  await installInto(own, tool, [name, ...more]);
  return own;
}

describe("the version step", () => {
  test("raises every package that a changeset names, writes its changelog, and uses the changesets up", async () => {
    for (const { name, version, folder: at } of before) {
      const after = publishedAs(name);
      expect(after.version, name).not.toBe(version);
      const changelog = await readFile(join(released.copy, at, "CHANGELOG.md"), "utf8");
      expect(changelog).toContain(`## ${after.version}`);
    }
    expect(await run(["ls", ".changeset"], { cwd: released.copy, env: released.env })).toBe("config.json\n");
  });

  test("leaves the private workspaces as they are", async () => {
    const manifest = await readFile(join(released.copy, "compat/package.json"), "utf8");
    expect(JSON.parse(manifest).version).toBe("0.0.0");
  });
});

describe.each(before)("$name", ({ name, engines, bin = {} }) => {
  const versions = promisedVersions({ engines });

  test("is published with what it needs and nothing of the workspace", async () => {
    const shown = await run(["npm", "view", name, "--json"], { cwd: folder, env: released.env });
    const manifest = JSON.parse(shown);
    const text = JSON.stringify([manifest.dependencies ?? {}, manifest.exports]);
    expect(text).not.toMatch(/workspace:|@paperclip-k8s\/source|\/src\//);
    expect(manifest).toMatchObject({
      ...{ version: publishedAs(name).version, license: "MIT", engines },
      ...{ repository: { directory: publishedAs(name).folder } },
    });
  });

  test(`installed by npm, it can be imported under Node ${versions.map(({ major }) => major).join(", ")}`, async () => {
    const user = await project("npm", name);
    for (const entry of entriesOf(publishedAs(name)))
      for (const version of versions) expect(await importUnder(version, entry, user), entry).not.toEqual([]);
    const help = Object.keys(bin).map((command) => join("node_modules/.bin", command));
    for (const command of help)
      expect(await run([command, "--help"], { cwd: user.folder, env: user.env })).toContain("sage");
  });

  test("installed by pnpm, it can be imported, and its types hold under node16 and bundler", async () => {
    const user = await project("pnpm", name, ["@types/node@24"]);
    const entries = entriesOf(publishedAs(name));
    for (const entry of entries) expect(await importUnder(nodeVersion(24), entry, user)).not.toEqual([]);
    const typed = entries.filter((entry) => !entry.endsWith("/ui-parser"));
    await checkTypes(typed, "node16", user);
    await checkTypes(typed, "bundler", user);
  });
});
