import { describe, expect, it } from "vitest";
import { commandLine, filesOf } from "../src/command-line.ts";
import { claudeRun } from "./support/claude-run.ts";

const session = "00000000-0000-4000-8000-000000000001";

describe("the command line", () => {
  it("is print mode with events, and no permission prompts", () => {
    expect(commandLine(claudeRun())).toEqual(
      "claude --print --output-format stream-json --verbose --dangerously-skip-permissions".split(" "),
    );
  });

  it("has what the config says, its own arguments last", () => {
    const run = claudeRun({
      model: "opus",
      effort: "HIGH",
      maxTurnsPerRun: "7",
      dangerouslySkipPermissions: "false",
      extraArgs: "--allowedTools 'Bash, Read'",
    });
    expect(commandLine(run).slice(5)).toEqual([
      "--model",
      "opus",
      "--effort",
      "high",
      "--max-turns",
      "7",
      "--allowedTools",
      "Bash, Read",
    ]);
  });

  it("R2: appends the instructions to a fresh session only", () => {
    const fresh = claudeRun({}, { instructions: "Be kind." });
    expect(filesOf(fresh)).toEqual({ "instructions.md": "Be kind." });
    expect(commandLine(fresh).slice(-2)).toEqual([
      "--append-system-prompt-file",
      "/run/paperclip/files/instructions.md",
    ]);
    const resumed = claudeRun({}, { instructions: "Be kind.", sessionId: session });
    expect(filesOf(resumed)).toEqual({});
    expect(commandLine(resumed)).toEqual(expect.arrayContaining(["--resume", session]));
    expect(commandLine(resumed)).not.toContain("--append-system-prompt-file");
  });

  it.each([{ files: { command: "x" } }, { mcpServers: { files: { command: "x" } } }])(
    "hands over MCP servers as a file, and no others count: %j",
    (mcpServers) => {
      const run = claudeRun({ mcpServers: JSON.stringify(mcpServers) });
      expect(JSON.parse(filesOf(run)["mcp.json"] ?? "")).toEqual({ mcpServers: { files: { command: "x" } } });
      const line = commandLine(run).join(" ");
      expect(line).toContain("--mcp-config /run/paperclip/files/mcp.json --strict-mcp-config");
    },
  );

  it("follows options that take all words after them by another option", () => {
    const line = commandLine(
      claudeRun({ mcpServers: { a: {} }, extraArgs: "word" }, { skillsDirectory: "/skills" }),
    );
    for (const greedy of ["--add-dir", "--mcp-config"]) {
      expect(line[line.indexOf(greedy) + 2]).toMatch(/^--/);
    }
  });

  it("K6: passes every value as one argument, whatever is in it", () => {
    const nasty = ["$(id)", "`id`", "a\nb", '"', "'", "$HOME"];
    const run = claudeRun({ extraArgs: nasty });
    expect(commandLine(run).slice(-nasty.length)).toEqual(nasty);
  });
});
