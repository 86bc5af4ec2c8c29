import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { promptPlacement } from "@paperclip-k8s/job-manifest";
import { expect, test } from "vitest";
import { describePods } from "../../src/pod-run/describe-pods.ts";
import { sh } from "../../src/pod-run/pod-run-spec.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const DIGEST = sh("sha256sum | cut -c1-64");
const environment = { API_KEY: "key" };
/** Text of so many bytes, whose last character has two. */
const promptOf = (bytes: number) =>
  `${"Say hello, line by line.\n".repeat(bytes / 25 + 1).slice(0, bytes - 2)}é`;
const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

describePods("a prompt", (pods) => {
  test.concurrent.for([
    ["none", 0, "secret"],
    ["127 KiB", 127 * KIB, "secret"],
    ["129 KiB", 129 * KIB, "secret"],
    ["300 KiB", 300 * KIB, "secret"],
    ["all that the Secret has room for", MIB - environment.API_KEY.length, "secret"],
    ["one byte more", MIB - environment.API_KEY.length + 1, "file"],
    ["1.2 MiB", 1.2 * MIB, "file"],
    ["32 MiB", 32 * MIB, "file"],
  ] as const)("of %s arrives complete (K2)", async ([, size, kind]) => {
    const prompt = size === 0 ? "" : promptOf(Math.floor(size));
    await using run = await pods.start({ command: DIGEST, prompt, environment });
    expect(promptPlacement(run.spec).kind).toBe(kind);
    const { stdout, record } = await run.ended();
    expect(stdout.toString()).toBe(`${digestOf(prompt)}\n`);
    expect(record).toMatchObject({ status: 0, failure: null });
    // Beside the other runs' output, a prompt must be its own user's alone.
    if (kind === "file") expect((await stat(run.files.prompt)).mode & 0o777).toBe(0o600);
    else
      expect((await readdir(dirname(run.files.prompt))).filter((name) => name.endsWith(".prompt"))).toEqual(
        [],
      );
  });

  test("of 40 MiB is refused before anything is created (K2)", async () => {
    const refused = pods.start({ command: DIGEST, prompt: promptOf(40 * MIB), runDirectory: "instances/k2" });
    await expect(refused).rejects.toMatchObject({
      code: "prompt_too_large",
      message: expect.stringContaining("shared volume"),
    });
    expect(await readdir(pods.namespace.volumeFolder, { recursive: true })).not.toContain("instances/k2");
  });
});
