import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createLeaseKeeper, leaseText } from "../../src/run-files/lease-keeper.ts";
import { fakeClock } from "../support/fake-clock.ts";

/** A keeper on a clock of its own, which notes whom it renews. */
function keeper(renew?: (path: string) => Promise<void>) {
  const clock = fakeClock(1000);
  const renewed: string[] = [];
  const leases = createLeaseKeeper({
    clock,
    everyMs: 5000,
    renew: async (path, now) => {
      renewed.push(`${path}@${now}`);
      await renew?.(path);
    },
  });
  return { clock, leases, renewed };
}

it("renews at once and every five seconds, until the run is over", async () => {
  const { clock, leases, renewed } = keeper();
  const over = new AbortController();
  leases.keep("/a", over.signal);
  for (let turn = 0; turn < 2; turn += 1) await clock.advance(5000);
  expect(renewed).toEqual(["/a@1000", "/a@6000", "/a@11000"]);
  over.abort();
  await clock.advance(60_000);
  expect(renewed).toHaveLength(3);
  expect(clock.pending).toBe(0);
});

it("has one timer for all runs, and starts anew after the last one", async () => {
  const { clock, leases, renewed } = keeper();
  const over = new AbortController();
  for (const path of ["/a", "/b", "/c"]) leases.keep(path, over.signal);
  await clock.advance(0);
  expect(clock.pending).toBe(1);
  over.abort();
  await clock.advance(5000);
  leases.keep("/d", new AbortController().signal);
  await clock.advance(0);
  expect(renewed.at(-1)).toBe("/d@6000");
});

it("a run without a lease is not asked for again; any other trouble passes", async () => {
  const codes: Record<string, string> = { "/none": "ENOENT", "/stale": "ESTALE" };
  const { clock, leases, renewed } = keeper(async (path) => {
    throw Object.assign(new Error(path), { code: codes[path] });
  });
  const { signal } = new AbortController();
  for (const path of Object.keys(codes)) leases.keep(path, signal);
  await clock.advance(0);
  for (let turn = 0; turn < 2; turn += 1) await clock.advance(5000);
  expect(renewed.filter((entry) => entry.startsWith("/none"))).toHaveLength(1);
  expect(renewed.filter((entry) => entry.startsWith("/stale"))).toHaveLength(3);
});

it("a run that is over already is not renewed", async () => {
  const { clock, leases, renewed } = keeper();
  leases.keep("/a", AbortSignal.abort());
  await clock.advance(5000);
  expect(renewed).toEqual([]);
});

it("writes in place: the file has one size always, and is never made", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lease-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clock = fakeClock(1_700_000_000_000);
  const leases = createLeaseKeeper({ clock });
  const [lease, none, link, fifo, other] = ["lease", "none", "link", "fifo", "other"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string, string];
  await writeFile(lease, leaseText(0));
  await writeFile(other, "somebody's");
  await symlink(other, link);
  execFileSync("mkfifo", [fifo]);
  const { signal } = new AbortController();
  for (const path of [fifo, link, none, lease]) leases.keep(path, signal);
  await until(async () => (await readFile(lease, "utf8")) === "001700000000000\n");
  expect(await readFile(other, "utf8")).toBe("somebody's");
  await expect(readFile(none)).rejects.toMatchObject({ code: "ENOENT" });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1000 && !(await holds()); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await holds()).toBe(true);
}
