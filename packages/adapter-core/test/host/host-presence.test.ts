import { spawnSync } from "node:child_process";
import { closeSync, constants, linkSync, openSync } from "node:fs";
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Clock } from "@paperclip-k8s/job-supervisor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostPresence } from "../../src/host/host-presence.ts";

const owner = { uid: process.getuid!(), gid: process.getgid!(), give: false };
const clock: Clock = { now: Date.now, schedule: () => () => {} };

let volume: string;
let closing: AbortController;
beforeEach(async () => {
  volume = await mkdtemp(join(tmpdir(), "presence-"));
  closing = new AbortController();
});
afterEach(async () => {
  closing.abort();
  await rm(volume, { recursive: true, force: true });
});

const presence = (schedule = clock.schedule) =>
  hostPresence({ volume, instance: "default", owner, clock: { ...clock, schedule } });
const folder = () => join(volume, "instances", "default", "hosts");
const marks = () => readdir(folder()).catch(() => [] as string[]);

async function kept(hostId: string, schedule?: Clock["schedule"]) {
  const made = presence(schedule);
  made.keep(hostId, closing.signal);
  await expect.poll(marks).toContain(hostId);
  return made;
}

/** The mark of a host of another machine, this many ms old. */
async function foreign(hostId: string, ageMs: number, mark: object = { machine: "elsewhere", pid: 1 }) {
  await writeFile(join(folder(), hostId), JSON.stringify(mark));
  const at = new Date(Date.now() - ageMs);
  await utimes(join(folder(), hostId), at, at);
}

async function ownMachine(): Promise<string> {
  const own = JSON.parse(await readFile(join(folder(), "me"), "utf8")) as { machine: string };
  return own.machine;
}

describe("which hosts are alive", () => {
  it("is told by a mark that is fresh, and a host that says goodbye takes its own away", async () => {
    const me = await kept("me");
    await foreign("fresh", 30_000);
    await foreign("stale", 60_000);
    expect(await me.isAlive("me")).toBe(true);
    expect(await me.isAlive("fresh")).toBe(true);
    expect(await me.isAlive("stale")).toBe(false);
    expect(await me.isAlive("nobody")).toBe(false);
    closing.abort();
    await expect.poll(marks).toEqual(["fresh", "stale"]);
    expect(await me.isAlive("me")).toBe(false);
  });

  it("G11 does not wait for a process of this machine that has gone, nor for a former one with this id", async () => {
    const me = await kept("me");
    const machine = await ownMachine();
    await foreign("gone", 0, { machine, pid: 2 ** 22 - 1 });
    await foreign("former", 0, { machine, pid: process.pid });
    await foreign("parent", 0, { machine, pid: process.ppid });
    expect(await me.isAlive("gone")).toBe(false);
    expect(await me.isAlive("former")).toBe(false);
    expect(await me.isAlive("parent")).toBe(true);
  });

  it("is not known, so that nobody is taken for dead, while the volume cannot be read", async () => {
    const me = await kept("me");
    // A file where the folder of hosts should be: neither there nor absent.
    await rm(folder(), { recursive: true });
    await writeFile(folder(), "");
    await expect(me.isAlive("other")).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  it("another core of this process is alive without a look at the volume", async () => {
    await kept("me");
    const other = presence();
    expect(await other.isAlive("me")).toBe(true);
  });

  it("a mark is renewed with one write for each process, and half-written ones count by their age", async () => {
    const callbacks: (() => void)[] = [];
    const me = await kept("me", (callback) => {
      callbacks.push(callback);
      return () => {};
    });
    const old = new Date(Date.now() - 100_000);
    await utimes(join(folder(), "me"), old, old);
    await expect.poll(() => callbacks.length).toBe(1);
    callbacks[0]?.();
    const mtime = async () => (await stat(join(folder(), "me"))).mtimeMs;
    await expect.poll(mtime).toBeGreaterThan(Date.now() - 50_000);
    await writeFile(join(folder(), "half"), '{"mach');
    expect(await me.isAlive("half")).toBe(true);
  });

  it("marks of hosts that died a day ago are forgotten", async () => {
    await kept("first");
    await foreign("long-dead", 100_000_000);
    await foreign("dead", 1_000_000);
    presence().keep("second", closing.signal);
    await expect.poll(marks).toEqual(["dead", "first", "second"]);
  });

  it("a link in a mark's place does not make the host write to another file", async () => {
    const precious = join(volume, "precious");
    await writeFile(precious, "precious");
    const { renewed } = await keptBySteps();
    await rm(join(folder(), "me"));
    await symlink(precious, join(folder(), "me"));
    await renewed();
    expect(await readFile(precious, "utf8")).toBe("precious");
    expect((await lstat(join(folder(), "me"))).isFile()).toBe(true);
    expect(await marks()).toEqual(["me"]);
  });

  it("a FIFO in a mark's place holds up neither the renewal nor a look at it", async () => {
    const { me, renewed } = await keptBySteps();
    const path = join(folder(), "me");
    await rm(path);
    using _own = fifo(path);
    using _other = fifo(join(folder(), "other"));
    await renewed();
    expect((await lstat(path)).isFile()).toBe(true);
    expect(await me.isAlive("other")).toBe(true);
    const old = new Date(Date.now() - 100_000);
    await utimes(join(folder(), "other"), old, old);
    expect(await me.isAlive("other")).toBe(false);
  });

  it("a link that stands for another host's mark is not followed, and counts by its age", async () => {
    const me = await kept("me");
    const mark = { machine: await ownMachine(), pid: process.pid };
    await writeFile(join(volume, "elsewhere"), JSON.stringify(mark));
    await symlink(join(volume, "elsewhere"), join(folder(), "linked"));
    expect(await me.isAlive("linked")).toBe(true);
  });

  it("the next renewal comes only after the last, and leaves nothing beside the mark where it fails", async () => {
    const { callbacks } = await keptBySteps();
    await rm(join(folder(), "me"));
    await mkdir(join(folder(), "me"));
    callbacks[0]?.();
    expect(callbacks).toHaveLength(1);
    await expect.poll(() => callbacks.length).toBe(2);
    expect(await marks()).toEqual(["me"]);
  });

  it("a link in the folder's place does not have old files of another folder forgotten", async () => {
    const other = join(volume, "other");
    await mkdir(other);
    await writeFile(join(other, "old"), "");
    const old = new Date(Date.now() - 100_000_000);
    await utimes(join(other, "old"), old, old);
    await mkdir(join(volume, "instances", "default"), { recursive: true });
    await symlink(other, folder());
    const callbacks: (() => void)[] = [];
    presence((callback) => {
      callbacks.push(callback);
      return () => {};
    }).keep("me", closing.signal);
    await expect.poll(() => callbacks.length).toBe(1);
    expect(await readdir(other)).toContain("old");
  });
});

/** A host whose renewals the test starts one by one. */
async function keptBySteps() {
  const callbacks: (() => void)[] = [];
  const me = await kept("me", (callback) => {
    callbacks.push(callback);
    return () => {};
  });
  await expect.poll(() => callbacks.length).toBe(1);
  /** One renewal, from its beginning until the next one may come. */
  async function renewed() {
    callbacks[0]?.();
    await expect.poll(() => callbacks.length).toBe(2);
  }
  return { me, callbacks, renewed };
}

/** A FIFO; whoever is stuck in it when the test ends is let go by its second name. */
function fifo(path: string): Disposable {
  const second = join(volume, `fifo-${basename(path)}`);
  expect(spawnSync("mkfifo", [second]).status).toBe(0);
  linkSync(second, path);
  return {
    [Symbol.dispose]: () => closeSync(openSync(second, constants.O_RDWR | constants.O_NONBLOCK)),
  };
}
