import { readFileSync } from "node:fs";
import { claudeToTranscript } from "@paperclip-k8s/stream-json";
import { expect, it } from "vitest";
import { testPublishedAdapter } from "../../adapter-core/test/support/adapters/published-adapter.ts";
import { claude } from "../src/definition.ts";
import { ends } from "../src/errors.ts";
import { createServerAdapter } from "../src/index.ts";
import type { createServerAdapter as published } from "../types/index.d.ts";
import { recording, recordings } from "./support/recordings.ts";

const source = readFileSync(new URL("../src/errors.ts", import.meta.url), "utf8");
const told = [...source.matchAll(/"(claude_[a-z_]+|configuration_incomplete)"/g)].map(
  (match) => match[1] ?? "",
);

testPublishedAdapter({
  root: new URL("..", import.meta.url),
  definition: claude,
  createServerAdapter,
  lines: recordings.flatMap((name) => recording(name).lines),
  toTranscript: claudeToTranscript,
  codes: [...ends.codes, ...told],
});

it("has the types that are published", () => {
  const create: typeof published = createServerAdapter;
  expect(create).toBe(createServerAdapter);
});
