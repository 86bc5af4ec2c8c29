import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePlace, type Place, start } from "./start-command.ts";

let place: Place;
let folder: string;
beforeEach(async () => {
  place = await makePlace();
  ({ folder } = place);
});
afterEach(() => place[Symbol.asyncDispose]());

describe("a wrong call", () => {
  test.each([
    { args: [], says: "one FILE is wanted, not 0" },
    { args: [""], says: "FILE wants the path of a file" },
    { args: ["a", "b"], says: "one FILE is wanted, not 2" },
    { args: ["a", "--until-bytes", "1k"], says: '--until-bytes wants a number of bytes, not "1k"' },
    { args: ["a", "--until-bytes", "1.5"], says: '--until-bytes wants a number of bytes, not "1.5"' },
    { args: ["a", "--follow"], says: "Unknown option '--follow'" },
  ])("$args ends with status 2 and the usage", async ({ args, says }) => {
    const running = start(...args);
    expect(await running.ended()).toBe(2);
    expect(running.err()).toContain(says);
    expect(running.err()).toContain("Usage: file-tailer FILE");
  });

  test("--help prints the usage", async () => {
    const running = start("--help");
    expect(await running.ended()).toBe(0);
    expect(running.out().toString()).toContain("--until-bytes N");
  });

  test("--version prints the version", async () => {
    const running = start("--version");
    expect(await running.ended()).toBe(0);
    expect(running.out().toString()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("a directory is told", async () => {
    const running = start(folder);
    expect(await running.ended()).toBe(1);
    expect(running.err()).toContain("[not_a_file]");
  });
});
