import { expect, test } from "vitest";
import { resumePatch } from "../src/index.ts";
import { exampleSpec } from "./example-spec.ts";

test("a Job is resumed by the host", () => {
  expect(resumePatch(exampleSpec())).toEqual({ spec: { suspend: false } });
});

test("with a queue it is handed to Kueue and stays suspended", () => {
  expect(resumePatch(exampleSpec({ kueueQueue: "agents" }))).toEqual({
    metadata: { labels: { "kueue.x-k8s.io/queue-name": "agents" } },
  });
});
