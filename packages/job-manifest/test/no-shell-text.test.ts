import fc from "fast-check";
import { expect, test } from "vitest";
import { type AgentRunSpec, agentRunScript, buildJob, buildSecret, resumePatch } from "../src/index.ts";
import { fullSpec } from "./example-spec.ts";
import { validSpec } from "./support/random-spec.ts";

const SCRIPT = agentRunScript.replaceAll("$", "$$$$");
/** Fits wherever a name, a path or a label may stand, and nothing else is called so. */
const SENTINEL = "zq7sentinel";

/** Every text of a description, with the sentinel at its end or in its place. */
function marked<Value>(value: Value, key = ""): Value {
  if (Array.isArray(value)) return value.map((item) => marked(item, key)) as Value;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, part]) => [name, marked(part, name)]);
    return Object.fromEntries(entries) as Value;
  }
  return (typeof value === "string" && !KEPT.has(key) ? `${value}${SENTINEL}` : value) as Value;
}

/** What is one of a few words, or a number as text. */
const KEPT = new Set([
  "imagePullPolicy",
  "operator",
  "effect",
  "cpu",
  "memory",
  "ephemeral-storage",
  "sizeLimit",
  "value",
  "jobPrefix",
]);

test("K6 no value of a description reaches shell text: the script is the constant, byte for byte", () => {
  const plain = fullSpec();
  const spec = { ...marked(plain), volume: marked({ ...plain.volume, subPaths: [plain.runDirectory] }) };
  const text = JSON.stringify(spec);
  expect(text.split(SENTINEL).length).toBeGreaterThan(30);
  const { command, args, lifecycle } = buildJob(spec).spec!.template.spec!.containers[0]!;
  expect(command!.slice(0, 4)).toEqual(["/bin/sh", "-c", SCRIPT, "agent-run"]);
  expect(command!.slice(4)).toEqual(spec.command.map((part) => part.replaceAll("$", "$$$$")));
  expect([args, lifecycle]).toEqual([undefined, undefined]);
});

test("K6 the script is the same for any two descriptions, and holds no value of either", () => {
  const scripts = fc.sample(validSpec(), { seed: 8, numRuns: 300 }).map(scriptOf);
  expect(new Set(scripts)).toEqual(new Set([SCRIPT]));
});

test("what the host patches and the Secret holds is no shell text either", () => {
  const spec = fullSpec();
  const secret = JSON.stringify(buildSecret(spec, { jobName: "job", jobUid: "uid" }));
  expect(`${secret}${JSON.stringify(resumePatch(spec))}`).not.toContain("/bin/sh");
});

function scriptOf(spec: AgentRunSpec): string | undefined {
  return buildJob(spec).spec!.template.spec!.containers[0]!.command![2];
}
