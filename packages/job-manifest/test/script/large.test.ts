import { createHash } from "node:crypto";
import { statSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { freshDirectory, isWholeMatrix, makeHostFiles, pods, runAgent, sh } from "./run-agent.ts";

const MB = 1_000_000;
const MIB = 1024 * 1024;
const [first, ...others] = pods();

describe.concurrent.each(first ? [first, ...(isWholeMatrix ? others : others.slice(-1))] : [])(
  "in $title",
  (pod) => {
    test("300 MB of output are in the file, to the byte, whatever of them the log has shown", async () => {
      const { code, record, log } = await runAgent(pod, {
        command: sh(`head -c ${300 * MB} /dev/zero; exit 6`),
      });
      expect(code).toBe(6);
      expect(record).toMatchObject({ status: 6, failure: null, stdoutBytes: 300 * MB });
      expect(log.length).toBeGreaterThan(0);
    });

    test.each([0, 32 * MIB])("K2 a prompt of %i bytes is stdin, to the byte", async (bytes) => {
      const prompt = "ü$(no)\n\\".repeat(bytes / 8).slice(0, bytes);
      const directory = freshDirectory();
      const files = makeHostFiles(directory, "", pod.pod!.uid);
      writeFileSync(files.prompt, Buffer.from(prompt).subarray(0, bytes));
      expect(statSync(files.prompt).size).toBe(bytes);
      const { stdout } = await runAgent(pod, { directory, command: sh("sha256sum") });
      const hash = createHash("sha256").update(Buffer.from(prompt).subarray(0, bytes));
      expect(stdout.toString().split(" ")[0]).toBe(hash.digest("hex"));
    });
  },
);
