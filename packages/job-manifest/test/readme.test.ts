import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as api from "../src/index.ts";

const PACKAGE = new URL("..", import.meta.url);
const readme = readFileSync(new URL("README.md", PACKAGE), "utf8");

test("the README's example runs as it stands", async () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readme)!;
  const program = `${example}\nconsole.log(job.kind, job.spec?.suspend, secret.kind, JSON.stringify(patch));`;
  const flags = ["--conditions=@paperclip-k8s/source", "--input-type=module-typescript", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: PACKAGE });
  expect(stdout).toBe('Job true Secret {"spec":{"suspend":false}}\n');
});

test("every function of the package is in the README", () => {
  const functions = Object.entries(api).filter(
    ([, value]) => typeof value === "function" && !/^[A-Z]/.test(value.name),
  );
  const missing = functions.map(([name]) => name).filter((name) => !readme.includes(name));
  expect(missing).toEqual([]);
});
