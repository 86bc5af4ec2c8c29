import { openCodeToTranscript } from "@paperclip-k8s/stream-json";
import { expect, it } from "vitest";
import { testPublishedAdapter } from "../../adapter-core/test/support/adapters/published-adapter.ts";
import { opencode } from "../src/definition.ts";
import { ends } from "../src/errors.ts";
import { createServerAdapter } from "../src/index.ts";
import type { createServerAdapter as published } from "../types/index.d.ts";
import { recording, recordings } from "./support/recordings.ts";

const lines = recordings.flatMap((name) => recording(name).lines);
const root = new URL("..", import.meta.url);
const toTranscript = openCodeToTranscript;
testPublishedAdapter({
  root,
  definition: opencode,
  createServerAdapter,
  lines,
  toTranscript,
  errors: ends.errors,
});

it("has the types that are published", () => {
  const create: typeof published = createServerAdapter;
  expect(create).toBe(createServerAdapter);
});
