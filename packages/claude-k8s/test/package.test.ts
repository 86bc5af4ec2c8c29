import { claudeToTranscript } from "@paperclip-k8s/stream-json";
import { expect, it } from "vitest";
import { testPublishedAdapter } from "../../adapter-core/test/support/adapters/published-adapter.ts";
import { claude } from "../src/definition.ts";
import { ends } from "../src/errors.ts";
import { createServerAdapter } from "../src/index.ts";
import type { createServerAdapter as published } from "../types/index.d.ts";
import { recording, recordings } from "./support/recordings.ts";

testPublishedAdapter({
  root: new URL("..", import.meta.url),
  definition: claude,
  createServerAdapter,
  lines: recordings.flatMap((name) => recording(name).lines),
  toTranscript: claudeToTranscript,
  errors: ends.errors,
});

it("has the types that are published", () => {
  const create: typeof published = createServerAdapter;
  expect(create).toBe(createServerAdapter);
});
