import { expect, test } from "vitest";
import { noticesOf, sentence } from "../../src/command/notices.ts";
import { FileTailerError, type TailEvent } from "../../src/index.ts";

const refused = (errorCode: string): TailEvent => ({ kind: "transient_error", errorCode, retryInMs: 250 });

test("an error that lasts is told once, another one anew, and again after lines have come", () => {
  const told: string[] = [];
  const { onEvent, lineCame } = noticesOf("run.log", (notice) => told.push(notice));
  for (const code of ["EACCES", "EACCES", "ESTALE", "ESTALE"]) onEvent(refused(code));
  lineCame();
  onEvent(refused("ESTALE"));
  onEvent({ kind: "replaced", offset: 7 });
  expect(told).toEqual([
    "EACCES at run.log: trying again",
    "ESTALE at run.log: trying again",
    "ESTALE at run.log: trying again",
  ]);
});

test("an error of reading is told with its cause and what to look at", () => {
  const cause = new Error("EACCES: permission denied");
  expect(sentence(new FileTailerError("io_error", "Cannot read run.log: EACCES", { cause }))).toBe(
    "Cannot read run.log: EACCES (EACCES: permission denied) [io_error]. Check that you may read the file, and that its volume works",
  );
});
