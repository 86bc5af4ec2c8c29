import { expect, it } from "vitest";
import { commandLine, filesOf, preamble } from "../src/command-line.ts";
import { environmentOf } from "../src/environment.ts";
import { openCodeRun } from "./support/opencode-run.ts";

const resumed = { sessionId: "ses_defb03356ffe6tKiOZYigLAmCS" };

it("prints events, thinking and a log, and spares the model a title", () => {
  expect(commandLine(openCodeRun())).toEqual([
    ..."opencode run --format json --thinking --print-logs --log-level WARN".split(" "),
    ...["--title", "Paperclip run run-1"],
  ]);
});

it("R1: resumes a session, which has its title", () => {
  expect(commandLine(openCodeRun({}, resumed)).slice(-2)).toEqual(["--session", resumed.sessionId]);
});

it("has what the config says, its own arguments last", () => {
  const config = { model: "openai/gpt-5", variant: "high", extraArgs: "--agent 'the plan'" };
  expect(commandLine(openCodeRun(config)).slice(-6)).toEqual([
    ...["--model", "openai/gpt-5", "--variant", "high", "--agent", "the plan"],
  ]);
});

it("R2: puts the instructions in front of the prompt of a fresh session only", () => {
  expect(preamble(openCodeRun({}, { instructions: "Be kind." }))).toBe("Be kind.");
  expect(preamble(openCodeRun({}, { instructions: "Be kind.", ...resumed }))).toBeNull();
});

it("allows everything, shares nothing and stays as the image has it", () => {
  const settings = (raw: Record<string, unknown>) =>
    JSON.parse(filesOf(openCodeRun(raw))["opencode.json"] ?? "");
  expect(settings({})).toMatchObject({
    ...{ share: "disabled", autoupdate: false, permission: { "*": "allow" } },
    plugin: ["file:///run/paperclip/files/status.js"],
  });
  expect(settings({ dangerouslySkipPermissions: "false" })).not.toHaveProperty("permission");
});

it("keeps its state in the agent's own folder, and what a killed run leaves behind in the pod's", () => {
  expect(environmentOf(openCodeRun())).toEqual({
    OPENCODE_CONFIG: "/run/paperclip/files/opencode.json",
    OPENCODE_DISABLE_PROJECT_CONFIG: "true",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    XDG_DATA_HOME: "/paperclip/state",
    XDG_STATE_HOME: "/tmp/state",
    XDG_CACHE_HOME: "/tmp/cache",
  });
});

it("K6: passes every value as one argument, whatever is in it", () => {
  const nasty = ["$(id)", "`id`", "a\nb", '"', "'", "$HOME"];
  expect(commandLine(openCodeRun({ extraArgs: nasty })).slice(-nasty.length)).toEqual(nasty);
});
