import * as fc from "fast-check";

type Node = Record<string, unknown> | unknown[];

function placesIn(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[...at]];
  const entries = Array.isArray(value)
    ? value.map((one, index) => [index, one] as const)
    : Object.entries(value);
  return [[...at], ...entries.flatMap(([key, one]) => placesIn(one, [...at, key]))];
}

function put(document: object, place: readonly (string | number)[], value: unknown): void {
  let parent: Node = document as Node;
  for (const key of place.slice(0, -1)) parent = (parent as Record<string | number, Node>)[key]!;
  const key = place.at(-1);
  if (key === undefined || typeof parent !== "object" || parent === null) return;
  (parent as Record<string | number, unknown>)[key] = value;
}

/** Valid objects of which one to three parts, anywhere, were replaced by something else. */
export function mutated(objects: readonly object[], values: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return fc
    .tuple(fc.constantFrom(...objects), fc.array(fc.tuple(fc.nat(), values), { minLength: 1, maxLength: 3 }))
    .map(([object, changes]) => {
      const copy = structuredClone(object);
      for (const [index, value] of changes) {
        const places = placesIn(copy);
        put(copy, places[index % places.length]!, structuredClone(value));
      }
      return copy;
    });
}
