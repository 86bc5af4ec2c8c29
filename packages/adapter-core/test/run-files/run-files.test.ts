import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseExitRecord } from "@paperclip-k8s/job-manifest";
import { systemClock } from "@paperclip-k8s/job-supervisor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LeaseKeeper } from "../../src/run-files/lease-keeper.ts";
import { hostRunFiles, type Preparation, runPaths } from "../../src/run-files/run-files.ts";

const DIRECTORY = "instances/default/run-logs/c1/a1";
const run = { runDirectory: DIRECTORY, identity: { runId: "r1", attempt: 1 } };
const isRoot = process.getuid?.() === 0;
const owner = {
  uid: isRoot ? 1000 : process.getuid!(),
  gid: isRoot ? 1000 : process.getgid!(),
  give: isRoot,
};
const observer = { observe: () => {} };
const RECORD = {
  ...{ version: 1, podUid: "pod-1", status: 3, signal: null, failure: null },
  ...{ stdoutBytes: 1, stderrBytes: 0, startedAt: 1, endedAt: 2, end: true },
};

let root: string;
let volume: string;
let umask: number;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "run-files-")));
  volume = join(root, "volume");
  await mkdir(volume);
  umask = process.umask();
});
afterEach(async () => {
  process.umask(umask);
  await rm(root, { recursive: true, force: true });
});

function filesOf(preparation: Partial<Preparation> = {}, of = run, leases: LeaseKeeper = { keep: () => {} }) {
  return hostRunFiles({
    ...{ volume, run: of, owner, observer, leases, clock: systemClock },
    preparation: { folders: [], skills: null, prompt: null, lease: false, ...preparation },
  });
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o7777;

describe("a look at what is there", () => {
  it("G11 shows mark and record, and neither before the pod came nor after the files have gone", async () => {
    const files = filesOf();
    const paths = runPaths(volume, run);
    expect(await files.look()).toEqual({ started: false, record: null });
    await files.prepare();
    expect(await files.look()).toEqual({ started: false, record: null });
    await writeFile(paths.started, "pod-1");
    await writeFile(paths.exit, JSON.stringify(RECORD));
    expect(await files.look()).toEqual({ started: true, record: expect.objectContaining({ status: 3 }) });
    await files.remove();
    expect(await files.look()).toEqual({ started: false, record: null });
  });
});

describe("before the pod exists", () => {
  it.each([0o000, 0o022, 0o077, 0o777])(
    "folders of a run are 0770, those above can be passed, files are 0660, the prompt 0600, with umask %o",
    async (mask) => {
      const home = join(volume, "home", "of", "agent");
      process.umask(mask);
      await filesOf({ folders: [home], prompt: "Say hello." }).prepare();
      process.umask(umask);
      const paths = runPaths(volume, run);
      for (const folder of [DIRECTORY, "home/of/agent"])
        expect(await modeOf(join(volume, folder))).toBe(0o770);
      // An agent of another user has its own folders there.
      for (const folder of ["instances", "instances/default", "home", "home/of"])
        expect(await modeOf(join(volume, folder))).toBe(0o771);
      for (const file of [paths.stdout, paths.stderr, paths.exit]) expect(await modeOf(file)).toBe(0o660);
      expect(await modeOf(paths.prompt)).toBe(0o600);
      expect(await readFile(paths.prompt, "utf8")).toBe("Say hello.");
    },
  );

  it("output files are empty, the record is blank, and the pod's mark is not there", async () => {
    await filesOf().prepare();
    const paths = runPaths(volume, run);
    expect((await stat(paths.stdout)).size).toBe(0);
    expect((await stat(paths.stderr)).size).toBe(0);
    expect((await stat(paths.exit)).size).toBe(1024);
    expect(parseExitRecord(await readFile(paths.exit, "utf8"))).toBeNull();
    expect((await readdir(join(volume, DIRECTORY))).sort()).toEqual([
      "r1.pod.exit.json",
      "r1.pod.ndjson",
      "r1.pod.stderr",
    ]);
  });

  it("a lease is there before the pod looks for it, and goes with the other files", async () => {
    const kept: string[] = [];
    const files = filesOf({ lease: true }, run, { keep: (path) => void kept.push(path) });
    await files.prepare();
    const paths = runPaths(volume, run);
    expect(await readFile(paths.lease, "utf8")).toMatch(/^[0-9]+\n$/);
    expect(await modeOf(paths.lease)).toBe(0o660);
    files.observe(() => {}, new AbortController().signal);
    expect(kept).toEqual([paths.lease]);
    await files.remove();
    expect(await readdir(join(volume, DIRECTORY))).toEqual([]);
  });

  it.runIf(isRoot)("a host that is root gives all of it to the pod's user", async () => {
    const home = join(volume, "home");
    await filesOf({ folders: [home], prompt: "p" }).prepare();
    const { stdout, stderr, exit, prompt } = runPaths(volume, run);
    for (const path of [
      join(volume, "instances"),
      join(volume, DIRECTORY),
      home,
      stdout,
      stderr,
      exit,
      prompt,
    ])
      expect(await stat(path)).toMatchObject({ uid: 1000, gid: 1000 });
  });

  it.runIf(isRoot)(
    "a workspace that Paperclip has made as root is given as well, and no more than it",
    async () => {
      const workspace = join(volume, "workspaces", "a1");
      const [link, target] = [join(volume, "workspaces", "link"), join(volume, "secrets")];
      await mkdir(join(workspace, "src"), { recursive: true });
      await mkdir(target);
      await symlink(target, link);
      await filesOf({ folders: [workspace, volume, link] }).prepare();
      expect(await stat(workspace)).toMatchObject({ uid: 1000, gid: 1000 });
      for (const path of [volume, join(volume, "workspaces"), join(workspace, "src"), target])
        expect(await stat(path)).toMatchObject({ uid: 0, gid: 0 });
    },
  );

  it("what a former launch of the attempt left is gone: its mark, its bytes, its record", async () => {
    const files = filesOf();
    await files.prepare();
    const paths = runPaths(volume, run);
    await writeFile(paths.started, "pod-1");
    await writeFile(paths.stdout, "old bytes");
    await writeFile(paths.exit, `{"end":true}`);
    await files.prepare();
    await expect(stat(paths.started)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await stat(paths.stdout)).size).toBe(0);
    expect(await readFile(paths.exit, "utf8")).not.toContain("end");
  });

  it("folders that exist are left as they are", async () => {
    await mkdir(join(volume, "instances"), { mode: 0o700 });
    await filesOf().prepare();
    expect(await modeOf(join(volume, "instances"))).toBe(0o700);
  });

  it("the second attempt has files of its own", async () => {
    const second = { ...run, identity: { runId: "r1", attempt: 2 } };
    await filesOf({}, second).prepare();
    expect(await readdir(join(volume, DIRECTORY))).toContain("r1.2.pod.ndjson");
  });
});

describe("K5: nothing leads out of the volume", () => {
  it.each(["..", "../elsewhere", "/etc"])("a folder at %s is refused", async (way) => {
    const folder = way.startsWith("/") ? way : join(volume, way);
    await expect(filesOf({ folders: [folder] }).prepare()).rejects.toThrow(
      `not on the shared volume at ${volume}`,
    );
    expect(await readdir(root)).toEqual(["volume"]);
  });

  it("a folder whose name begins with two dots is inside", async () => {
    await filesOf({ folders: [join(volume, "..data")] }).prepare();
    expect(await readdir(volume)).toContain("..data");
  });

  it("a run directory that an agent has replaced by a link is refused", async () => {
    const outside = join(root, "outside");
    await mkdir(outside);
    await mkdir(join(volume, "instances/default/run-logs/c1"), { recursive: true });
    await symlink(outside, join(volume, DIRECTORY));
    await expect(filesOf().prepare()).rejects.toThrow("leads out of the shared volume");
    expect(await readdir(outside)).toEqual([]);
  });

  it("a link under the name of a file to come is replaced, not followed", async () => {
    const outside = join(root, "database");
    await writeFile(outside, "precious", { mode: 0o600 });
    const before = await stat(outside);
    const paths = runPaths(volume, run);
    await mkdir(join(volume, DIRECTORY), { recursive: true });
    for (const path of [paths.stdout, paths.stderr, paths.exit, paths.prompt]) await symlink(outside, path);
    await filesOf({ prompt: "p" }).prepare();
    expect(await readFile(outside, "utf8")).toBe("precious");
    expect(await stat(outside)).toMatchObject({ mode: before.mode, uid: before.uid });
    expect((await lstat(paths.stdout)).isFile()).toBe(true);
  });

  it("a link inside the volume is followed", async () => {
    await mkdir(join(volume, "big-disk"));
    await symlink("big-disk", join(volume, "instances"));
    await filesOf().prepare();
    expect(await readdir(join(volume, "big-disk"))).toEqual(["default"]);
  });
});

describe("remove()", () => {
  it("takes every file of the attempt, and nothing else", async () => {
    const files = filesOf({ prompt: "p" });
    await files.prepare();
    await filesOf({}, { ...run, identity: { runId: "r2", attempt: 1 } }).prepare();
    await writeFile(runPaths(volume, run).started, "pod-1");
    await files.remove();
    expect((await readdir(join(volume, DIRECTORY))).every((name) => name.startsWith("r2."))).toBe(true);
  });

  it("may be called again, and where nothing was made", async () => {
    const files = filesOf();
    await files.remove();
    await files.prepare();
    await files.remove();
    await files.remove();
    expect(await readdir(join(volume, DIRECTORY))).toEqual([]);
  });
});
