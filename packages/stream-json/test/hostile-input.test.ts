import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTranscriptEntry, parseEvent } from "../src/index.ts";
import { type Cli, claude, clis } from "./support/clis.ts";

/** All that is done with a line, in one go; returns what a consumer would get. */
function consume({ createReducer, toTranscript }: Cli, lines: readonly string[]) {
  const reducer = createReducer();
  const shown: string[] = [];
  for (const line of lines) {
    reducer.push(parseEvent(line));
    reducer.pushStderr?.(line);
    for (const entry of toTranscript(line)) shown.push(formatTranscriptEntry(entry));
  }
  return { result: reducer.result(), shown };
}

/** Lines as a follower of a file gets them: bytes in pieces, cut at newlines, decoded whole. */
function follow(bytes: Uint8Array, cuts: readonly number[]): string[] {
  if (bytes.length === 0) return [];
  const lines: string[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  let from = 0;
  for (const to of [...new Set(cuts.map((cut) => cut % bytes.length))]
    .sort((a, b) => a - b)
    .concat(bytes.length)) {
    rest += decoder.decode(bytes.subarray(from, to), { stream: true });
    from = to;
    const parts = rest.split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
  }
  return lines;
}

test.each(clis)("L10: every split of the bytes of $name gives the same events", (cli) => {
  const { recording } = cli.recordings;
  const bytes = new TextEncoder().encode(recording("unicode").stdout + recording("tools").stdout);
  const whole = consume(cli, follow(bytes, []));
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), (cuts) => {
      expect(consume(cli, follow(bytes, cuts))).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

test.each(clis)("Random bytes never make anything of $name throw", (cli) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.array(fc.nat(), { maxLength: 5 }), (bytes, cuts) => {
      consume(cli, follow(bytes, cuts));
    }),
  );
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), (lines) => void consume(cli, lines)));
});

test.each(clis)(
  "Random values in the fields of real events of $name never make anything throw, and counts stay numbers",
  (cli) => {
    const { names, recording } = cli.recordings;
    const events = names.flatMap((name) => recording(name).lines);
    fc.assert(
      fc.property(fc.constantFrom(...events), fc.nat(), fc.jsonValue(), (line, at, value) => {
        const { result } = consume(cli, [damaged(line, at, value)]);
        for (const count of Object.values(result.counts)) expect(count).toBeGreaterThanOrEqual(0);
        for (const tokens of Object.values(result.usage ?? {})) expect(Number.isFinite(tokens)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  },
);

test.each(clis)(
  "Objects with the names of methods, and nesting without an end, in any field of $name make nothing throw",
  (cli) => {
    const { names, recording } = cli.recordings;
    const seen = new Set<string>();
    for (const line of names.flatMap((name) => recording(name).lines)) {
      const event = JSON.parse(line);
      placesIn(event).forEach(([, , path], at) => {
        const place = `${event.type} ${event.type === "system" ? event.subtype : ""} ${path}`;
        if (seen.has(place)) return;
        seen.add(place);
        const marked = damaged(line, at, "HOSTILE");
        for (const value of hostileValues) {
          const events = [marked.replace('"HOSTILE"', () => value)];
          expect(() => consume({ ...cli, createReducer: withoutStderr(cli) }, events), place).not.toThrow();
        }
      });
    }
    expect(seen.size).toBeGreaterThan(50);
  },
);

test.each([
  ["a list", () => '["error_x"]'],
  ["an object with the names of methods", () => '{"toString":1}'],
  ["nested without an end", () => nested],
])("A subtype that is %s is none", (_what, subtype) => {
  const line = `{"type":"result","subtype":${subtype()},"is_error":false,"result":"Done."}`;
  const { result } = consume(claude, [line]);
  expect(result).toMatchObject({ state: "finished", finalText: "Done." });
  expect(result).not.toHaveProperty("failure");
});

test("A tool call whose input is nested too deep for JSON is shown without it", () => {
  const block = `{"type":"tool_use","id":"1","name":"X","input":{"a":${nested}}}`;
  const call = `{"type":"assistant","message":{"content":[${block}]}}`;
  expect(consume(claude, [call]).shown).toEqual(["● X(…)"]);
});

test("Numbers beyond every bound are no numbers", () => {
  const result = '{"type":"result","total_cost_usd":1e999,"usage":{"input_tokens":1e999,"output_tokens":-5}}';
  expect(consume(claude, [result]).result).toMatchObject({ usage: { inputTokens: 0, outputTokens: 0 } });
  expect(consume(claude, [result]).result).not.toHaveProperty("costUsd");
  const limit = '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1e300}}';
  expect(consume(claude, [limit]).shown).toEqual(["! Rate limit (unknown): rejected, resets 1e+303"]);
});

test.each(clis)("Every beginning of a line of $name is harmless", (cli) => {
  const [line = ""] = cli.recordings.recording("tools").lines.slice(-1);
  for (let length = 0; length < line.length; length += 7) {
    expect(consume(cli, [line.slice(0, length)]).result.state).toBe("never_started");
  }
});

/** A list in a list, too many times for anything that goes in by calling itself. */
const nested = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;

const hostileValues: readonly string[] = [
  '{"toString":1,"valueOf":1,"toJSON":1,"length":1e9}',
  '{"__proto__":{"text":"x"},"constructor":{"prototype":null},"hasOwnProperty":1}',
  '["error_x",["toString"]]',
  ...["constructor", "__proto__", "toString", "hasOwnProperty"].map((name) => JSON.stringify(name)),
  nested,
  `{"a":${nested}}`,
];

/** For lines of stdout alone. */
function withoutStderr({ createReducer }: Cli): Cli["createReducer"] {
  return () => {
    const { push, result } = createReducer();
    return { push, result };
  };
}

type Place = readonly [node: Record<string, unknown>, key: string, path: string];

/** Every field of an event, with the names on its way. */
function placesIn(node: unknown, path = ""): Place[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const name = Array.isArray(node) ? "[]" : key;
    return [[node as Record<string, unknown>, key, `${path}.${name}`], ...placesIn(value, `${path}.${name}`)];
  });
}

/** The line with one value, somewhere in it, replaced. */
function damaged(line: string, at: number, value: unknown): string {
  const event = JSON.parse(line);
  const places = placesIn(event);
  const [node, key] = places[at % places.length] as Place;
  node[key] = value;
  return JSON.stringify(event);
}
