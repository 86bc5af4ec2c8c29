import { readFileSync } from "node:fs";
import { openCodeToTranscript } from "@paperclip-k8s/stream-json";
import { expect, it } from "vitest";
import { testPublishedAdapter } from "../../adapter-core/test/support/adapters/published-adapter.ts";
import { opencode } from "../src/definition.ts";
import { ends } from "../src/errors.ts";
import { createServerAdapter } from "../src/index.ts";
import type { createServerAdapter as published } from "../types/index.d.ts";
import { recording, recordings } from "./support/recordings.ts";

const source = readFileSync(new URL("../src/errors.ts", import.meta.url), "utf8");
const told = [...source.matchAll(/"(opencode_[a-z_]+)"/g)].map((match) => match[1] ?? "");

const codes = [...ends.codes, ...told];
const lines = recordings.flatMap((name) => recording(name).lines);
const root = new URL("..", import.meta.url);
const toTranscript = openCodeToTranscript;
testPublishedAdapter({ root, definition: opencode, createServerAdapter, lines, toTranscript, codes });

it("has the types that are published", () => {
  const create: typeof published = createServerAdapter;
  expect(create).toBe(createServerAdapter);
});
