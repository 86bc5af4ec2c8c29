import { readdirSync, readFileSync } from "node:fs";
import { claudeToTranscript } from "@paperclip-k8s/stream-json";
import { describe, expect, it } from "vitest";
import { stdoutLineParser, toHostEntries } from "../../src/ui/index.ts";
import { fc } from "../support/property.ts";

const ts = "2026-01-01T00:00:00.000Z";
const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 4, cacheCreationTokens: 8 };

describe("the host's entry", () => {
  it.each([
    [
      { kind: "init", sessionId: "s", model: "m" },
      { kind: "init", sessionId: "s", model: "m" },
    ],
    [
      { kind: "text", text: "t", nested: false },
      { kind: "assistant", text: "t" },
    ],
    [
      { kind: "thinking", text: "t", nested: true },
      { kind: "thinking", text: "t" },
    ],
    [
      { kind: "user", text: "t", nested: false },
      { kind: "user", text: "t" },
    ],
    [
      { kind: "tool_call", id: "i", name: "Bash", input: { a: 1 }, nested: false },
      { kind: "tool_call", toolUseId: "i", name: "Bash", input: { a: 1 } },
    ],
    [
      { kind: "tool_result", id: "i", text: "t", isError: true, nested: false },
      { kind: "tool_result", toolUseId: "i", content: "t", isError: true },
    ],
    [
      { kind: "notice", level: "warning", text: "t" },
      { kind: "system", text: "t" },
    ],
    [
      { kind: "notice", level: "error", text: "t" },
      { kind: "stderr", text: "t" },
    ],
    [
      { kind: "raw", text: "t" },
      { kind: "stdout", text: "t" },
    ],
    [
      { kind: "raw", text: "[paperclip] t" },
      { kind: "system", text: "[paperclip] t" },
    ],
    [
      { kind: "result", text: "t", isError: false, subtype: "success", errors: ["e"], usage, costUsd: 0.5 },
      {
        kind: "result",
        text: "t",
        isError: false,
        subtype: "success",
        errors: ["e"],
        inputTokens: 9,
        outputTokens: 2,
        cachedTokens: 4,
        costUsd: 0.5,
      },
    ],
  ] as const)("of %j", (entry, expected) => {
    expect(toHostEntries([entry], ts)).toEqual([{ ...expected, ts }]);
  });
});

describe("the parser of stdout lines", () => {
  const parse = stdoutLineParser(claudeToTranscript);
  const shown = "assistant thinking user tool_call tool_result init result stderr system stdout diff".split(
    " ",
  );

  it("gives only entries that the oldest supported host shows, for every captured line", () => {
    const folder = new URL("../../../stream-json/test/claude/fixtures/", import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith(".ndjson"));
    const lines = files
      .flatMap((name) => readFileSync(new URL(name, folder), "utf8").split("\n"))
      .filter(Boolean);
    const kinds = new Set(lines.flatMap((line) => parse(line, ts)).map(({ kind }) => kind));
    expect(shown).toEqual(expect.arrayContaining([...kinds]));
    expect([...kinds]).toEqual(
      expect.arrayContaining(["init", "assistant", "tool_call", "tool_result", "result"]),
    );
  });

  it("L11: shows a line that is not JSON as it came", () => {
    expect(parse("warning: {", ts)).toEqual([{ kind: "stdout", ts, text: "warning: {" }]);
  });

  it("shows a line that it cannot read as it came", () => {
    const broken = stdoutLineParser(() => {
      throw new Error("broken");
    });
    expect(broken("{}", ts)).toEqual([{ kind: "stdout", ts, text: "{}" }]);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((value) => JSON.stringify(value)),
        ),
        (line) => {
          parse(line, ts);
        },
      ),
    );
  });
});
