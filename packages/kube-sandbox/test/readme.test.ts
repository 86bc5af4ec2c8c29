import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = new URL("..", import.meta.url);

it("the ten lines of the README run, and end by themselves", async () => {
  const readme = await readFile(new URL("README.md", root), "utf8");
  const [, lines] = /## Ten lines\n\n```ts\n([^`]+)```/.exec(readme)!;
  const program = `${lines}\nconsole.log((await batch.listNamespacedJob({ namespace: "runs" })).items.length);`;
  const flags = ["--conditions=@paperclip-k8s/source", "--input-type=module-typescript", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: root, timeout: 20_000 });
  expect(stdout).toBe("1\n");
});
