import fc from "fast-check";
import { expect, test } from "vitest";
import { describePlaces, runAgent } from "./run-agent.ts";

const ECHO = "process.stdout.write(JSON.stringify(process.argv.slice(2)))";
const NASTY = [
  ..."$(){}[]'\"`\\\n\t\r *?~!#&;|<>-=%@^ä漢😀\u0001\u007f",
  "$(id)",
  "$$",
  "$HOME",
  "--",
  "-e",
  "$@",
];
const anyText = fc
  .oneof(
    fc.array(fc.constantFrom(...NASTY), { maxLength: 12 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", maxLength: 40 }),
  )
  .map((text) => text.replaceAll("\0", ""));
const [batch] = fc.sample(fc.array(anyText, { minLength: 2000, maxLength: 2000 }), { seed: 6, numRuns: 1 });

describePlaces("arguments", (place) => {
  test("K6 2,000 random strings reach the agent CLI unchanged", async () => {
    const ended = await runAgent(place, {
      command: [process.execPath, "-e", ECHO, "--", "first", ...batch!],
    });
    expect(JSON.parse(ended.stdout.toString())).toEqual(batch);
  });
});

const NAMES = [
  "status",
  "name",
  "pid",
  "now",
  "agent",
  "failure",
  "PATH_",
  "ENV",
  "file",
  "line",
  "mark",
  "asked",
];

describePlaces("variables", (place) => {
  test("reach the agent CLI unchanged, whatever the script calls its own", async () => {
    const environment = Object.fromEntries(NAMES.map((name) => [name, `${name} $(x) 'y'`]));
    const ended = await runAgent(place, {
      environment,
      command: [process.execPath, "-e", "process.stdout.write(JSON.stringify(process.env))"],
    });
    const delivered = JSON.parse(ended.stdout.toString());
    expect(delivered).toMatchObject({ ...environment, PATH: process.env["PATH"] });
    expect(Object.keys(delivered).filter((name) => /^_[a-z]/.test(name))).toEqual([]);
  });
});
