// The scenarios as data: what a file that others write does to whoever follows it.
import type { Content, Scenario, Step } from "./scenario.ts";

const append = (content: Content): Step => ({ do: "append", content });
const delivered = (lines: number): Step => ({ do: "delivered", lines });
const FOLLOW: Step = { do: "follow" };
const PAUSE: Step = { do: "pause", polls: 4 };

const face = Buffer.from("😀");
const many = Array.from({ length: 100_000 }, (_, i) => `line ${i}`);
const long = "x".repeat(16 * 2 ** 20);

/** Lines: how bytes become lines. */
const LINES: readonly Scenario[] = [
  {
    id: "existing",
    title: "a file that is there already is delivered from its first line",
    steps: [append("one\ntwo\n"), FOLLOW, delivered(2), append("three\n")],
    expected: ["one", "two", "three"],
  },
  {
    id: "late",
    title: "a file that appears later is delivered from its first line",
    steps: [FOLLOW, PAUSE, append("one\n"), PAUSE, append("two\n")],
    expected: ["one", "two"],
  },
  {
    id: "pieces",
    title: "a line that is written in pieces comes once and whole",
    steps: [
      append(""),
      FOLLOW,
      append("o"),
      PAUSE,
      append("n"),
      PAUSE,
      append("e\nt"),
      PAUSE,
      append("wo\n"),
    ],
    expected: ["one", "two"],
  },
  {
    id: "split-character",
    title: "a character that is split between two writes stays whole",
    steps: [append(""), FOLLOW, append(face.subarray(0, 2)), PAUSE, append(face.subarray(2)), append("\n")],
    expected: ["😀"],
  },
  {
    id: "carriage-return",
    title: "a carriage return inside a line stays where it is",
    steps: [append("10 %\r20 %\nend\n"), FOLLOW],
    expected: ["10 %\r20 %", "end"],
  },
  {
    id: "empty-lines",
    title: "empty lines are lines",
    steps: [append("\none\n\n\ntwo\n"), FOLLOW],
    expected: ["", "one", "", "", "two"],
  },
  {
    id: "line-separator",
    title: "U+2028 and U+0085 end no line",
    steps: [append('{"a":"\u2028\u0085"}\n'), FOLLOW],
    expected: ['{"a":"\u2028\u0085"}'],
  },
  {
    id: "invalid-utf8",
    title: "bytes that are not UTF-8 spoil their own line only",
    steps: [append(Buffer.concat([Buffer.from("a"), Buffer.of(0xff), Buffer.from("b\nnext\n")])), FOLLOW],
    expected: ["a\ufffdb", "next"],
  },
  {
    id: "nul",
    title: "a NUL inside a line stays where it is",
    steps: [append("a\0b\nnext\n"), FOLLOW],
    expected: ["a\0b", "next"],
  },
  {
    id: "many-lines",
    title: "100,000 lines at once",
    steps: [append(""), FOLLOW, append("first\n"), delivered(1), append(`${many.join("\n")}\n`)],
    expected: ["first", ...many],
  },
  {
    id: "long-line",
    title: "a line of 16 MiB",
    steps: [append(`${long}\nnext\n`), FOLLOW],
    expected: [long, "next"],
  },
  {
    id: "no-newline",
    title: "a last line without a newline comes when the writer is done",
    steps: [append("one\nrest"), FOLLOW, delivered(1), append(" of it"), { do: "finish" }],
    expected: ["one", "rest of it"],
  },
];

/** Files: how one file follows another. */
const FILES: readonly Scenario[] = [
  {
    id: "rotation",
    title: "a file that is renamed is followed by the new one",
    steps: [
      append("one\n"),
      FOLLOW,
      delivered(1),
      { do: "rename" },
      append("two\n"),
      delivered(2),
      append("three\n"),
    ],
    expected: ["one", "two", "three"],
  },
  {
    id: "rotation-last-lines",
    title: "what was written just before and after the renaming is not lost",
    steps: [
      append("one\n"),
      FOLLOW,
      delivered(1),
      append("two\n"),
      { do: "rename" },
      { do: "append_renamed", content: "three\n" },
      append("four\n"),
    ],
    expected: ["one", "two", "three", "four"],
  },
  {
    id: "replaced-same-length",
    title: "another file of the same length takes the name",
    steps: [append("one\n"), FOLLOW, delivered(1), { do: "replace", content: "two\n" }],
    expected: ["one", "two"],
  },
  {
    id: "replaced-longer",
    title: "another, longer file takes the name",
    steps: [append("one\n"), FOLLOW, delivered(1), { do: "replace", content: "two\nthree\n" }],
    expected: ["one", "two", "three"],
  },
  {
    id: "truncated",
    title: "a file that is cut is read anew",
    steps: [append("one\ntwo\n"), FOLLOW, delivered(2), { do: "truncate", content: "three\n" }],
    expected: ["one", "two", "three"],
  },
  {
    id: "truncated-regrown",
    title: "a file that is cut and has grown beyond its old length before anybody looked is read anew",
    steps: [append("one\n"), FOLLOW, delivered(1), { do: "truncate", content: "two\nthree\nfour\n" }],
    expected: ["one", "two", "three", "four"],
  },
  {
    id: "truncated-partial",
    title: "the beginning of a line is not glued to the file that follows",
    steps: [append("one\nbegin"), FOLLOW, delivered(1), PAUSE, { do: "truncate", content: "two\n" }],
    expected: ["one", "two"],
    tolerated: ["begin"],
  },
  {
    id: "copy-truncate",
    title: "a file that is copied aside and cut goes on",
    steps: [append("one\ntwo\n"), FOLLOW, delivered(2), { do: "copy_truncate" }, PAUSE, append("three\n")],
    expected: ["one", "two", "three"],
  },
  {
    id: "overwritten",
    title: "a file that is written over in its place, with other bytes of the same length, is read anew",
    steps: [append("one\ntwo\n"), FOLLOW, delivered(2), PAUSE, { do: "overwrite", content: "ONE\nTWO\n" }],
    expected: ["one", "two", "ONE", "TWO"],
  },
  {
    id: "deleted",
    title: "a file that is deleted comes back as another one",
    steps: [append("one\n"), FOLLOW, delivered(1), { do: "delete" }, PAUSE, append("two\n")],
    expected: ["one", "two"],
  },
  {
    id: "recreated",
    title: "a file that is deleted and made again at once, so that its inode is used again",
    steps: [
      append("one\n"),
      FOLLOW,
      delivered(1),
      { do: "delete" },
      append("two\n"),
      delivered(2),
      append("three\n"),
    ],
    expected: ["one", "two", "three"],
  },
  {
    id: "link",
    title: "a link that is set on another file is followed",
    steps: [{ do: "link", content: "one\n" }, FOLLOW, delivered(1), { do: "link", content: "two\nthree\n" }],
    expected: ["one", "two", "three"],
  },
];

/** All scenarios, in the order of a report. */
export const SCENARIOS: readonly Scenario[] = [...LINES, ...FILES];
