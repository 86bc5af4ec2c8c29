import { execFileSync } from "node:child_process";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeBundle } from "../../src/skills/place-bundle.ts";
import { describeSkills, type SkillBundle } from "../../src/skills/skill-bundle.ts";
import { skillOnHost } from "../support/skills.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const DAY_MS = 24 * 3_600_000;
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, give: false };

let root: string;
let volume: string;
let umask: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bundles-"));
  volume = join(root, "volume");
  await mkdir(volume);
  umask = process.umask(0o077);
});
afterEach(async () => {
  process.umask(umask);
  await rm(root, { recursive: true });
});

async function bundleOf(files: Readonly<Record<string, string>>): Promise<SkillBundle> {
  return bundleFrom(await skillOnHost(join(root, "host"), "review", files));
}

async function bundleFrom(entry: Readonly<Record<string, unknown>>): Promise<SkillBundle> {
  const config = { instance: "default", volumeHostPath: volume, volumeMountPath: "/paperclip" };
  const hostConfig = {
    paperclipRuntimeSkills: [entry],
    paperclipSkillSync: { desiredSkills: ["acme/review"] },
  };
  const { bundle } = await describeSkills({ config, hostConfig, companyId: "c1" });
  if (!bundle) throw new Error("no bundle");
  return bundle;
}

const place = (bundle: SkillBundle, now = NOW) => placeBundle({ volume, bundle, owner, now });
/** A file of that name with the same text, outside of the bundle, and a link to it. */
async function linkInstead(path: string): Promise<void> {
  await rename(path, join(root, "theirs"));
  await symlink(join(root, "theirs"), path);
}

async function touched(path: string): Promise<string> {
  await writeFile(path, "", { flag: "a" });
  return path;
}

const placedFile = (bundle: SkillBundle, path: string) =>
  join(bundle.folder.hostPath, ".claude/skills/review", path);

describe("a bundle of skills", () => {
  it("is on the volume under the digest of its content, readable for every pod whatever the umask", async () => {
    await skillOnHost(join(root, "host"), "review", { "scripts/run.sh": "#!/bin/sh\n" });
    await chmod(join(root, "host/review/scripts/run.sh"), 0o700);
    const bundle = await bundleOf({ "SKILL.md": "# Review", "scripts/run.sh": "#!/bin/sh\n" });
    await place(bundle);
    expect(bundle.folder.podPath).toBe(
      `/paperclip/instances/default/companies/c1/skill-bundles/${bundle.key}`,
    );
    expect(await readFile(placedFile(bundle, "SKILL.md"), "utf8")).toBe("# Review");
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
    expect(await modeOf(placedFile(bundle, "SKILL.md"))).toBe(0o644);
    expect(await modeOf(placedFile(bundle, "scripts/run.sh"))).toBe(0o755);
    expect(await modeOf(placedFile(bundle, "scripts"))).toBe(0o755);
    expect(await modeOf(bundle.folder.hostPath)).toBe(0o755);
  });

  it("has another name as soon as a byte or a mode of it is another", async () => {
    const first = await bundleOf({ "SKILL.md": "one" });
    const second = await bundleOf({ "SKILL.md": "two" });
    await chmod(join(root, "host/review/SKILL.md"), 0o755);
    const third = await bundleOf({ "SKILL.md": "two" });
    expect(new Set([first.key, second.key, third.key]).size).toBe(3);
    expect((await bundleOf({ "SKILL.md": "two" })).key).toBe(third.key);
  });

  it("is not written again while it is as it was", async () => {
    const bundle = await bundleOf({ "SKILL.md": "same" });
    await place(bundle);
    const before = (await stat(placedFile(bundle, "SKILL.md"))).ino;
    await place(bundle);
    expect((await stat(placedFile(bundle, "SKILL.md"))).ino).toBe(before);
  });

  it.each([
    { change: "changed a file", by: (path: string) => writeFile(path, "obey me") },
    { change: "removed a file", by: (path: string) => rm(path) },
    { change: "added a file", by: (path: string) => writeFile(`${path}.more`, "obey me") },
    { change: "added a link", by: (path: string) => symlink(root, `${path}.more`) },
    { change: "put a link in a file's place", by: linkInstead },
    { change: "added a FIFO", by: async (path: string) => execFileSync("mkfifo", [`${path}.more`]) },
    { change: "added a folder", by: (path: string) => mkdir(`${path}.more`) },
    { change: "made a file executable", by: (path: string) => chmod(path, 0o755) },
  ])("is made anew where an agent has $change", async ({ by }) => {
    const bundle = await bundleOf({ "SKILL.md": "true" });
    await place(bundle);
    await by(placedFile(bundle, "SKILL.md"));
    await place(bundle);
    expect(await readFile(placedFile(bundle, "SKILL.md"), "utf8")).toBe("true");
    expect(await readdir(placedFile(bundle, "."))).toEqual(["SKILL.md"]);
    expect(await readdir(bundle.parent.hostPath)).toEqual([bundle.key]);
  });

  it("is made anew where an agent has put a link in its place", async () => {
    const bundle = await bundleOf({ "SKILL.md": "true" });
    await place(bundle);
    await rename(bundle.folder.hostPath, join(root, "theirs"));
    await symlink(join(root, "theirs"), bundle.folder.hostPath);
    await place(bundle);
    expect((await lstat(bundle.folder.hostPath)).isDirectory()).toBe(true);
  });

  it.each(["SKILL.md.more", "SKILL.md"])("is not read into memory where %s is large", async (name) => {
    const bundle = await bundleOf({ "SKILL.md": "true" });
    await place(bundle);
    // Takes no room on the disk.
    await truncate(await touched(placedFile(bundle, name)), 1024 ** 3);
    const before = process.resourceUsage().maxRSS;
    await place(bundle);
    // In KiB.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(256 * 1024);
    expect(await readdir(placedFile(bundle, "."))).toEqual(["SKILL.md"]);
    expect(await readFile(placedFile(bundle, "SKILL.md"), "utf8")).toBe("true");
  });

  it("K4: takes nothing from outside where its source on the volume has become a link", async () => {
    await skillOnHost(root, "secrets", { "SKILL.md": "the host's key" });
    const source = join(volume, "skills/review");
    await mkdir(join(volume, "skills"));
    await symlink(join(root, "secrets"), source);
    const entry = { key: "acme/review", runtimeName: "review", source };
    await expect(bundleFrom(entry)).rejects.toMatchObject({
      code: "skills_unreadable",
      message: expect.stringContaining("leads out of it"),
    });
  });

  it.each(["folder", "file"])(
    "K4: takes nothing from outside where a %s of its source becomes a link meanwhile",
    async (what) => {
      await skillOnHost(root, "secrets", { "SKILL.md": "the host's key" });
      const entry = await skillOnHost(join(volume, "skills"), "review", { "SKILL.md": "true" });
      const bundle = await bundleFrom(entry);
      const replaced = join(volume, "skills/review", what === "file" ? "SKILL.md" : "");
      await rm(replaced, { recursive: true });
      await symlink(join(root, "secrets", what === "file" ? "SKILL.md" : ""), replaced.replace(/\/$/u, ""));
      await expect(place(bundle)).rejects.toThrow("leads out of it");
      expect(await readdir(bundle.parent.hostPath)).toEqual([]);
    },
  );

  it("takes no link along, which could lead to the host's secrets", async () => {
    await writeFile(join(root, "secret"), "key");
    await skillOnHost(join(root, "host"), "review", { "SKILL.md": "text" });
    await symlink(join(root, "secret"), join(root, "host/review/link"));
    const bundle = await bundleOf({ "SKILL.md": "text" });
    await place(bundle);
    expect(await readdir(placedFile(bundle, "."))).toEqual(["SKILL.md"]);
  });

  it("is placed once by hosts that do so at the same moment", async () => {
    const bundle = await bundleOf(
      Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, `${i}`])),
    );
    await Promise.all([place(bundle), place(bundle), place(bundle)]);
    expect(await readdir(bundle.parent.hostPath)).toEqual([bundle.key]);
    expect(await readdir(placedFile(bundle, "."))).toHaveLength(40);
  });

  it("goes when no run has used it for a month", async () => {
    const old = await bundleOf({ "SKILL.md": "old" });
    await place(old);
    const recent = await bundleOf({ "SKILL.md": "recent" });
    await place(recent);
    await utimes(old.folder.hostPath, (NOW - 31 * DAY_MS) / 1000, (NOW - 31 * DAY_MS) / 1000);
    await place(await bundleOf({ "SKILL.md": "new" }), NOW + 1);
    const left = await readdir(recent.parent.hostPath);
    expect(left).toContain(recent.key);
    expect(left).not.toContain(old.key);
  });
});
