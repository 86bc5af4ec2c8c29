import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the example of the README runs", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const sources = new URL("../src/index.ts", import.meta.url).href;
  const folder = await mkdtemp(join(tmpdir(), "offline-agents-"));
  try {
    const file = join(folder, "example.ts");
    await writeFile(file, example.replace("@paperclip-k8s/offline-agents", sources));
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder, timeout: 60_000 });
    const [, status, events = "", calls] = /^(\d+) ([\s\S]*)\n (\d+)\n$/.exec(stdout) ?? [];
    expect([status, Number(calls)]).toEqual(["0", 4]);
    const last = JSON.parse(events.trim().split("\n").at(-1)!);
    expect(last).toMatchObject({
      type: "result",
      result: 'Done: the shell and the file both say "hello from the pod".',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
