import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { until } from "./helpers/until.ts";

const program = `
  import { startKubeSandbox } from ${JSON.stringify(fileURLToPath(new URL("../src/index.ts", import.meta.url)))};
  const sandbox = await startKubeSandbox({ namespaces: ["t"] });
  const headers = { authorization: "Bearer " + JSON.parse(sandbox.kubeconfig).users[0].user.token, "content-type": "application/json" };
  const spec = { restartPolicy: "Never", containers: [{ name: "a", image: "x", command: ["sh", "-c", "trap '' TERM; echo $$$$ > $HOME/../../../pid; sleep 60"] }] };
  const body = JSON.stringify({ metadata: { name: "p" }, spec });
  await fetch(sandbox.url + "/api/v1/namespaces/t/pods", { method: "POST", headers, body });
  const watch = await fetch(sandbox.url + "/api/v1/namespaces/t/pods?watch=1", { headers });
  for await (const chunk of watch.body) if (Buffer.from(chunk).toString().includes('"Running"')) break;
  console.log(sandbox.directory);
  if (process.argv[1] === "crash") process.exit(3);
  await sandbox.close();
  await sandbox.close();
`;

const run = (how: string) =>
  promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program, how], { timeout: 20_000 });

it("after close the process ends by itself, and the folder is gone", async () => {
  const { stdout } = await run("close");
  expect(existsSync(stdout.trim())).toBe(false);
});

it("a process that ends without close takes its pods with it", async () => {
  const error = (await run("crash").catch((one: unknown) => one)) as { code: number; stdout: string };
  expect(error.code).toBe(3);
  const folder = error.stdout.trim();
  // A process that was killed is there until the kernel has taken it down.
  await until(async () => (await processesOf(folder)) === 0 || undefined);
  await rm(folder, { recursive: true });
});

/** How many processes have the folder in their environment. */
async function processesOf(folder: string): Promise<number> {
  const look = `grep -l ${folder} /proc/[0-9]*/environ 2>/dev/null | wc -l`;
  const { stdout } = await promisify(execFile)("sh", ["-c", look]);
  return Number(stdout);
}
