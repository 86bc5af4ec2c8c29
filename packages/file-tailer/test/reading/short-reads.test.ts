import { expect, test } from "vitest";
import { PATH, startRig } from "../support/rig.ts";

test("reads that return less than there is lose nothing and wait for no poll", async () => {
  const rig = await startRig({}, (fs) => {
    fs.lies.maxRead = 7;
    fs.append(PATH, "a line of more than seven bytes\n".repeat(50));
  });
  expect(rig.texts()).toEqual(Array(50).fill("a line of more than seven bytes"));
  rig.fs.append(PATH, "and another one\n");
  await rig.advance(250);
  expect(rig.lines).toHaveLength(51);
});

test("a read that stops at what is known is not taken for the end of the file", async () => {
  const rig = await startRig({}, (fs) => fs.append(PATH, "one\n"));
  rig.fs.lies.maxRead = 1;
  rig.fs.append(PATH, "two\n");
  await rig.advance(250);
  expect(rig.texts()).toEqual(["one", "two"]);
});
