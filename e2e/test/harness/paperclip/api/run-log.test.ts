import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type LogLine, logText, readRunLog } from "../../../../src/paperclip/api/run-log.ts";

/** Serves one log as the host does: cut at a byte, decoded page by page. */
async function withLogServer<T>(log: Buffer, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? "", "http://localhost").searchParams;
    const offset = Number(query.get("offset"));
    const end = Math.min(offset + Number(query.get("limitBytes")), log.length);
    const content = log.subarray(offset, end).toString("utf8");
    response.end(JSON.stringify({ content, ...(end < log.length && { nextOffset: end }) }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

function logOf(chunks: readonly string[]): { lines: LogLine[]; bytes: Buffer } {
  const lines = chunks.map((chunk, seq) => ({ ts: "t", stream: "stdout" as const, chunk, seq }));
  return { lines, bytes: Buffer.from(lines.map((entry) => `${JSON.stringify(entry)}\n`).join("")) };
}

test("a log is read whole wherever its pages are cut, also within a character", async () => {
  const chunks = fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 400, max: 700 }), async (texts, pageBytes) => {
      const { lines, bytes } = logOf(texts);
      const read = await withLogServer(bytes, (url) => readRunLog({ url, runId: "r", pageBytes }));
      expect(read).toEqual(lines);
    }),
    { seed: 20260916, numRuns: 60 },
  );
});

test("a line that is longer than a page is refused instead of asked for for ever", async () => {
  const { bytes } = logOf(["x".repeat(900), "y"]);
  const reading = withLogServer(bytes, (url) => readRunLog({ url, runId: "r", pageBytes: 500 }));
  await expect(reading).rejects.toThrow("longer than 500 bytes");
});

test("the text of a stream leaves out the others", () => {
  const lines: LogLine[] = [
    { ts: "t", stream: "stdout", chunk: "a" },
    { ts: "t", stream: "stderr", chunk: "b" },
    { ts: "t", stream: "stdout", chunk: "c\n" },
  ];
  expect(logText(lines, "stdout")).toBe("ac\n");
});
