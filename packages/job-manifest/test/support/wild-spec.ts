// Descriptions with one thing wrong somewhere, or right by chance.
import fc from "fast-check";
import type { AgentRunSpec } from "../../src/index.ts";
import { validSpec } from "./random-spec.ts";

/** A description with one value replaced. */
export interface WildSpec {
  readonly spec: AgentRunSpec;
  /** Where: "podTemplate.spec.volumes[0].name". */
  readonly path: string;
}

type Way = readonly (string | number)[];

/** What people and programs write where something else belongs. */
const VALUES: readonly unknown[] = [
  ...[-1, 0, 1.5, 7, 1e10, "", "A", "a b", "a".repeat(64), "a".repeat(300), "ü", "\ud800", "a\nb", "a\0b"],
  ...["-x", "x/y/z", "../x", "/abs", "a:b", "10.0.0.1", "1Gi", "-1Gi", "Exists", "Always", "$(HOME)"],
  ...[true, false, null, {}, [], ["x"], [{}], { a: "b" }],
];

/** A valid description in which one value, anywhere, is another one. */
export function wildSpec(options: { readonly namespace?: string } = {}): fc.Arbitrary<WildSpec> {
  return fc
    .tuple(validSpec(options), fc.nat(), fc.boolean(), fc.constantFrom(...VALUES))
    .map(([valid, at, inTemplate, value]) => {
      const all = waysOf(valid).filter((way) => way.length > 0);
      const deep = all.filter(([first]) => first === "podTemplate");
      const ways = inTemplate && deep.length > 0 ? deep : all;
      const way = ways[at % ways.length]!;
      return { spec: replaced(valid, way, value) as AgentRunSpec, path: pathOf(way) };
    });
}

function waysOf(value: unknown, way: Way = []): Way[] {
  if (typeof value !== "object" || value === null) return [way];
  const keys: Way = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [way, ...keys.flatMap((key) => waysOf((value as Record<string, unknown>)[key], [...way, key]))];
}

function replaced(value: unknown, [key, ...rest]: Way, by: unknown): unknown {
  if (key === undefined) return structuredClone(by);
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? replaced(item, rest, by) : item));
  const shape = value as Record<string, unknown>;
  return { ...shape, [key]: replaced(shape[key], rest, by) };
}

function pathOf(way: Way): string {
  return way
    .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join("");
}
