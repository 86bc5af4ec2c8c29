import { describe, expect, it } from "vitest";
import { shellWords } from "../../../src/config/values/shell-words.ts";
import { wordList } from "../../../src/config/values/structured-values.ts";
import { fc } from "../../support/property.ts";

describe("extra arguments", () => {
  it.each([
    ["--a b\n--c", ["--a", "b", "--c"]],
    [`--tools "Bash, Read" 'it''s'`, ["--tools", "Bash, Read", "its"]],
    [`a\\ b "c\\"d" '\\e'`, ["a b", 'c"d', "\\e"]],
    ["''", [""]],
    ["--foo a \\\n--bar b\\\nc", ["--foo", "a", "--bar", "bc"]],
    ['"\\d+\\.x" "\\$a \\` \\\\"', ["\\d+\\.x", "$a ` \\"]],
    ["$(rm) `x` $HOME", ["$(rm)", "`x`", "$HOME"]],
  ])("reads %j without expanding anything (K6)", (text, words) => {
    expect(shellWords(text)).toEqual(words);
  });

  it("refuses a quote that stays open", () => {
    expect(wordList().safeParse("--a 'b").success).toBe(false);
  });

  it("takes a JSON list word by word", () => {
    expect(wordList().parse('["--a","b c\\n$(d)"]')).toEqual(["--a", "b c\n$(d)"]);
  });

  it("gives back every list of words that is quoted", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (words) => {
        const quoted = words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(" ");
        expect(shellWords(quoted)).toEqual(words);
      }),
    );
  });
});
