import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKubeSandbox } from "@paperclip-k8s/kube-sandbox";
import { expect, test } from "vitest";

const PACKAGE = new URL("../", import.meta.url);

test("the README's example runs as it stands", async () => {
  const readme = await readFile(new URL("README.md", PACKAGE), "utf8");
  const example = readme.split("```ts\n")[1]?.split("```")[0] ?? "";
  await using sandbox = await startKubeSandbox({
    namespaces: ["agents"],
    claims: [{ namespace: "agents", name: "shared" }],
  });
  sandbox.pods.script({ namespace: "agents" }, (_pod, controls) => {
    controls.setRunning();
    controls.terminate({ exitCode: 0 });
  });
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await sandbox.writeKubeconfig(kubeconfig);
    const said = await run(example, { ...process.env, KUBECONFIG: kubeconfig });
    expect(said).toContain("succeeded The container ended with exit code 0");
  } finally {
    await rm(folder, { recursive: true });
  }
}, 30_000);

function run(code: string, env: NodeJS.ProcessEnv): Promise<string> {
  const options = ["--conditions=@paperclip-k8s/source", "--input-type=module-typescript", "--eval", code];
  const child = spawn(process.execPath, options, { cwd: PACKAGE, env });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => child.once("close", () => resolve(said)));
}
