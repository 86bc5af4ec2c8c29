// What a tailer made of a scenario.
import type { Scenario } from "./scenario.ts";

/** How a scenario ended. */
export type Verdict =
  | { readonly kind: "passed" }
  /** The tailer has no such thing. */
  | { readonly kind: "not_offered" }
  | {
      readonly kind: "failed";
      readonly reason: "missing" | "doubled" | "false_text" | "disordered" | "error";
      /** A sentence for people. */
      readonly why: string;
    };

function shown(line: string): string {
  return JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}… (${line.length} characters)` : line);
}

/** Compares what came to what must come. */
export function judge(scenario: Scenario, got: readonly string[], error: unknown): Verdict {
  if (error !== undefined) {
    return { kind: "failed", reason: "error", why: error instanceof Error ? error.message : String(error) };
  }
  const tolerated = new Set(scenario.tolerated);
  const lines = got.filter((line) => !tolerated.delete(line));
  const { expected } = scenario;
  const at = expected.findIndex((line, i) => lines[i] !== line);
  if (at === -1 && lines.length === expected.length) return { kind: "passed" };
  const wrong = at === -1 ? lines[expected.length] : lines[at];
  const wanted = at === -1 ? undefined : expected[at];
  if (wrong !== undefined && !expected.includes(wrong)) {
    return { kind: "failed", reason: "false_text", why: `${shown(wrong)} is no line of the file` };
  }
  if (wanted !== undefined && !lines.includes(wanted)) {
    return { kind: "failed", reason: "missing", why: `${shown(wanted)} did not come` };
  }
  const earlier = wrong !== undefined && lines.indexOf(wrong) < (at === -1 ? expected.length : at);
  return earlier
    ? { kind: "failed", reason: "doubled", why: `${shown(wrong)} came again` }
    : { kind: "failed", reason: "disordered", why: `${shown(wanted ?? "")} did not come in its place` };
}
