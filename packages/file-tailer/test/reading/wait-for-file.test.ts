import { describe, expect, test } from "vitest";
import { PATH, startRig } from "../support/rig.ts";

describe("waiting for the file", () => {
  test("L14 a file that appears 25 s late is followed from its first byte", async () => {
    const rig = await startRig();
    await rig.advance(25_000);
    rig.fs.append(PATH, "late\n");
    await rig.advance(250);
    expect(rig.texts()).toEqual(["late"]);
  });

  test("L14 a file that never appears fails with its path after 30 s", async () => {
    const rig = await startRig();
    await rig.advance(29_999);
    expect(rig.failure()).toBeUndefined();
    await rig.advance(1);
    expect(rig.failure()).toMatchObject({ code: "file_never_appeared", path: PATH });
    expect(rig.failure()?.message).toContain(PATH);
  });

  test("asks with stat every 250 ms and opens nothing before", async () => {
    const rig = await startRig();
    await rig.advance(10_000);
    expect(rig.fs.calls).toMatchObject({ stat: 41, open: 0 });
    expect(new Set(rig.clock.waits)).toEqual(new Set([250]));
  });

  test("the wait and its poll interval are options", async () => {
    const rig = await startRig({ waitForFileMs: 90, pollIntervalMs: 40 });
    await rig.advance(89);
    expect(rig.failure()).toBeUndefined();
    await rig.advance(1);
    expect(rig.failure()).toMatchObject({ code: "file_never_appeared" });
    expect(rig.clock.waits).toEqual([40, 40, 10]);
  });

  test("errors of the volume are waited out, other errors are not", async () => {
    const rig = await startRig({}, (fs) => {
      fs.lies.errors = ["EACCES", "ESTALE"];
      fs.append(PATH, "here\n");
    });
    await rig.advance(500);
    expect(rig.texts()).toEqual(["here"]);
    const broken = await startRig({}, (fs) => {
      fs.lies.errors = ["ENAMETOOLONG"];
    });
    expect(broken.failure()).toMatchObject({ code: "io_error" });
  });
});

test("an error that keeps anybody from seeing whether there is a file is told, and ends the wait as what it is", async () => {
  const rig = await startRig({ waitForFileMs: 1000 }, (fs) => {
    fs.lies.errors = Array(10).fill("EACCES");
  });
  await rig.advance(2000);
  expect(rig.failure()).toMatchObject({
    code: "io_error",
    message: `Cannot look for ${PATH}: EACCES`,
    cause: { code: "EACCES" },
  });
  expect(rig.events[0]).toEqual({ kind: "transient_error", errorCode: "EACCES", retryInMs: 250 });
});
