import { constants } from "node:os";
import { describe, expect, test } from "vitest";
import { ErrorBudget } from "../../src/reading/transient-errors.ts";
import { PATH, startRig } from "../support/rig.ts";

describe("errors of the volume", () => {
  test.each(["ESTALE", "EIO", "EACCES", "ETIMEDOUT", "EAGAIN", "EMFILE"])(
    "%s is waited out",
    async (code) => {
      const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
      rig.fs.lies.errors = [code, code, code];
      rig.fs.append(PATH, "two\n");
      await rig.advance(5000);
      expect(rig.texts()).toEqual(["one", "two"]);
      expect(rig.tail.stats().transientErrors).toBe(3);
      expect(rig.fs.openHandles).toBe(1);
    },
  );

  test("L15 a remount with another device number goes on where it was", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\ntwo\npart"));
    rig.fs.dev = 2;
    rig.fs.lies.errors = ["ESTALE", "ENOENT"];
    rig.fs.append(PATH, "ial\nthree\n");
    await rig.advance(5000);
    expect(rig.texts()).toEqual(["one", "two", "partial", "three"]);
    expect(rig.tail.stats()).toMatchObject({ replacements: 0, truncations: 0 });
  });

  test("are retried with growing waits", async () => {
    const rig = await startRig({ random: () => 0 }, (fs) => fs.append(PATH, "one\n"));
    rig.fs.lies.errors = Array(6).fill("EIO");
    await rig.advance(20_000);
    const waits = rig.events.flatMap((event) => (event.kind === "transient_error" ? [event.retryInMs] : []));
    expect(waits).toEqual([125, 250, 500, 1000, 2000, 2500]);
  });

  test("end the tail when they last longer than the budget", async () => {
    const rig = await startRig({ errorBudgetMs: 10_000 }, (fs) => fs.append(PATH, "one\n"));
    rig.fs.lies.errors = Array(1000).fill("EIO");
    await rig.advance(9000);
    expect(rig.failure()).toBeUndefined();
    await rig.advance(6000);
    expect(rig.failure()).toMatchObject({ code: "io_error", cause: { code: "EIO" } });
    expect(rig.fs.openHandles).toBe(0);
  });

  test("that waiting does not cure end it at once", async () => {
    const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
    rig.fs.lies.errors = ["EINVAL"];
    await rig.advance(250);
    expect(rig.failure()).toMatchObject({ code: "io_error" });
  });

  test("in the middle of a long read lose and repeat nothing", async () => {
    const expected = Array.from({ length: 500 }, (_, i) => `line ${i}`);
    const rig = await startRig({}, (fs) => fs.append(PATH, `${expected.join("\n")}\n`));
    expect(rig.texts()).toEqual(expected);
    rig.fs.append(PATH, `${expected.join("\n")}\n`);
    for (let i = 0; i < 40; i++) {
      rig.fs.lies.errors = [...Array(i % 3), "ESTALE"];
      await rig.advance(300);
    }
    await rig.advance(10_000);
    expect(rig.texts()).toEqual([...expected, ...expected]);
  });
});

test("a success fills the budget again", () => {
  const options = { errorBudgetMs: 100, pollIntervalMs: 10, retryMaxMs: 1000, random: () => 0.5 };
  const budget = new ErrorBudget(options);
  expect(budget.spend(0)).toBe(7.5);
  budget.refill();
  expect(budget.spend(1000)).toBe(7.5);
  expect(budget.spend(1099)).toBe(15);
  expect(budget.spend(1100)).toBeUndefined();
});

test("ESTALE is waited out as Node tells it, which has no name for it", async () => {
  const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
  const open = rig.fs.open.bind(rig.fs);
  rig.fs.open = () => {
    rig.fs.open = open;
    const code = `Unknown system error -${constants.errno.ESTALE}`;
    return Promise.reject(Object.assign(new Error(code), { code, errno: -constants.errno.ESTALE }));
  };
  rig.fs.replace(PATH, "two\n");
  await rig.advance(10_000);
  expect(rig.texts()).toEqual(["one", "two"]);
  expect(rig.events).toContainEqual(
    expect.objectContaining({ kind: "transient_error", errorCode: "ESTALE" }),
  );
});
