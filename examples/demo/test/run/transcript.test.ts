import type { TranscriptEntry } from "@paperclip-k8s/stream-json";
import { expect, test } from "vitest";
import { createTranscript } from "../../src/run/transcript.ts";

test("a line that comes in pieces is one entry, and comes when it is whole (L9)", () => {
  const entries: TranscriptEntry[] = [];
  const transcript = createTranscript((entry) => entries.push(entry));
  const content = [{ type: "text", text: "Hello." }];
  const line = JSON.stringify({ type: "assistant", message: { id: "m", role: "assistant", content } });
  transcript.push(line.slice(0, 20));
  transcript.push(line.slice(20));
  expect(entries).toEqual([]);
  transcript.push("\nnot JSON\n");
  expect(entries).toEqual([
    { kind: "text", text: "Hello.", nested: false },
    { kind: "raw", text: "not JSON" },
  ]);
});
