import fc from "fast-check";
import { expect, it } from "vitest";
import { applyJsonPatch } from "../../src/resources/patch/json-patch.ts";
import { applyMergePatch } from "../../src/resources/patch/merge-patch.ts";
import { applyStrategicMerge } from "../../src/resources/patch/strategic-merge.ts";

const key = fc.constantFrom("a", "b", "c~d", "e/f");
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: 0, max: 3 }),
    fc.constant(null),
    tie("object"),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
  object: fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
}));
const object = fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true });
const runs = { seed: 20300103, numRuns: 1000 };

function hasNull(json: unknown): boolean {
  return json === null || (typeof json === "object" && Object.values(json).some(hasNull));
}

it("a merge patch applied twice is as applied once, and leaves no null of its own", () => {
  fc.assert(
    fc.property(object, object, (document, patch) => {
      const once = applyMergePatch(document, patch);
      expect(applyMergePatch(once, patch)).toEqual(once);
      if (!hasNull(document) && !JSON.stringify(patch).includes("[")) expect(hasNull(once)).toBe(false);
    }),
    runs,
  );
});

it("adding and removing a member by JSON patch leaves the document as it was", () => {
  fc.assert(
    fc.property(object, value, (document, added) => {
      const path = "/new~1~0";
      const patch = [
        { op: "add", path, value: added },
        { op: "test", path, value: added },
        { op: "remove", path },
      ];
      expect(applyJsonPatch(document, patch)).toEqual(document);
    }),
    runs,
  );
});

it("a failed JSON patch changes nothing", () => {
  const document = { list: [1, 2] };
  const patch = [
    { op: "add", path: "/list/0", value: 0 },
    { op: "remove", path: "/list/9" },
  ];
  expect(() => applyJsonPatch(document, patch)).toThrow("the server rejected our request");
  expect(document).toEqual({ list: [1, 2] });
});

it("a strategic patch merges lists by their key, deletes by directive, and replaces what has no key", () => {
  const document = {
    containers: [{ name: "a", image: "1", env: [{ name: "X", value: "1" }], args: ["p"] }, { name: "b" }],
    finalizers: ["one"],
  };
  const patch = {
    containers: [
      { name: "a", image: "2", env: [{ name: "Y", value: "2" }], args: ["q"] },
      { name: "b", $patch: "delete" },
      { name: "c", $retainKeys: ["name"] },
    ],
    finalizers: ["two"],
    "$setElementOrder/containers": [{ name: "a" }],
  };
  expect(applyStrategicMerge(document, patch)).toEqual({
    containers: [
      {
        name: "a",
        image: "2",
        env: [
          { name: "X", value: "1" },
          { name: "Y", value: "2" },
        ],
        args: ["q"],
      },
      { name: "c" },
    ],
    finalizers: ["one", "two"],
  });
  expect(applyStrategicMerge(document, { "$deleteFromPrimitiveList/finalizers": ["one"] })).toMatchObject({
    finalizers: [],
  });
});
