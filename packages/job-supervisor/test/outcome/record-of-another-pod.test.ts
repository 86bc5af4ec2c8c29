import { expect, test } from "vitest";
import { recordOf } from "../../src/outcome/facts.ts";
import { record, runningPod, T0, terminatedPod } from "../support/facts.ts";

const foreign = record({ podUid: "zombie" });

test("G11 a record that the zombie of an earlier launch writes is not the end of a pod that is there", () => {
  expect(recordOf(foreign, [{ pod: runningPod(), removedAt: null }])).toBeNull();
  expect(recordOf(record(), [{ pod: runningPod(), removedAt: null }])).toEqual(record());
});

test("G11 a record counts where its pod was never seen and none is there", () => {
  expect(recordOf(foreign, [])).toEqual(foreign);
  expect(recordOf(foreign, [{ pod: runningPod(), removedAt: T0 }])).toEqual(foreign);
  const ended = terminatedPod({ exitCode: 1 });
  const second = { ...ended, status: { ...ended.status, phase: "Failed" } };
  expect(recordOf(foreign, [{ pod: second, removedAt: null }])).toEqual(foreign);
});
