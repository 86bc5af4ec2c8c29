import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Answer, sandboxCluster } from "../contract/cluster.ts";
import { scriptPod } from "../contract/manifests.ts";
import { type RunningProgram, runProgram } from "../helpers/run-program.ts";
import { until } from "../helpers/until.ts";

const command = fileURLToPath(new URL("../../src/command.ts", import.meta.url));
let folder: string;
let running: RunningProgram | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kube-sandbox-command-"));
});
afterEach(async () => {
  running?.kill("SIGTERM");
  await running?.ended;
  running = undefined;
  rmSync(folder, { recursive: true });
});

const start = (...args: string[]): RunningProgram => {
  running = runProgram(process.execPath, ["--conditions=@paperclip-k8s/source", command, ...args]);
  return running;
};
const clusterOf = (path: string) => {
  const config = new KubeConfig();
  config.loadFromFile(path);
  return sandboxCluster(config, config.getContextObject(config.getCurrentContext())!.namespace!, "any");
};
const directoryOf = (program: RunningProgram): string => /mount below: (.+)/.exec(program.out())![1]!;

it("says where it listens, where the kubeconfig is and how to use it, and serves", async () => {
  const kubeconfig = join(folder, "kube config");
  const claim = join(folder, "volume");
  const program = start("--kubeconfig", kubeconfig, "--namespace", "runs", "--claim", `shared=${claim}`);
  await program.printed("Ctrl-C");
  expect(program.out()).toMatch(/^kube-sandbox listens on http:\/\/127\.0\.0\.1:\d+\n/);
  expect(program.out()).toContain(`kubeconfig: ${kubeconfig}\n`);
  expect(program.out()).toContain(`export KUBECONFIG='${kubeconfig}'\n  kubectl get pods`);
  expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
  const cluster = clusterOf(kubeconfig);
  expect(cluster.namespace).toBe("runs");
  const claims = await cluster.send("GET", "/api/v1/namespaces/runs/persistentvolumeclaims");
  expect(claims.json.items[0].status.phase).toBe("Bound");
  expect(existsSync(claim)).toBe(true);
});

it.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends it with status 0, its pods and its folders with it",
  async (signal) => {
    const kubeconfig = join(folder, "kubeconfig");
    const program = start("--kubeconfig", kubeconfig);
    await program.printed("Ctrl-C");
    const cluster = clusterOf(kubeconfig);
    const pods = "/api/v1/namespaces/default/pods";
    const script = `trap '' TERM; echo $$$$ > ${folder}/pid; while :; do sleep 0.1; done`;
    const made: Answer = await cluster.send("POST", pods, {
      metadata: { name: "p" },
      spec: scriptPod(cluster, { script }),
    });
    expect(made.status).toBe(201);
    const pid = await until(
      () => (existsSync(`${folder}/pid`) && readFileSync(`${folder}/pid`, "utf8").trim()) || undefined,
    );
    program.kill(signal);
    expect(await program.ended).toBe(0);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(existsSync(directoryOf(program))).toBe(false);
    expect(existsSync(kubeconfig)).toBe(false);
    expect(program.err()).toBe("");
  },
);

it("listens on the port that it is told, and says so when it is taken", async () => {
  const first = start("--kubeconfig", join(folder, "one"));
  await first.printed("Ctrl-C");
  const port = /:(\d+)\n/.exec(first.out())![1]!;
  const second = runProgram(process.execPath, [
    "--conditions=@paperclip-k8s/source",
    command,
    "--port",
    port,
  ]);
  expect(await second.ended).toBe(1);
  expect(second.err()).toMatch(`kube-sandbox: cannot listen on 127.0.0.1:${port}: `);
});

it("a fault of the command line strikes", async () => {
  const kubeconfig = join(folder, "kubeconfig");
  const fault = JSON.stringify({ match: { verb: "list" }, fault: { kind: "status", code: 503 }, times: 1 });
  const program = start("--kubeconfig", kubeconfig, "--fault", fault);
  await program.printed("Ctrl-C");
  const list = async () => (await clusterOf(kubeconfig).send("GET", "/api/v1/pods")).status;
  expect([await list(), await list()]).toEqual([503, 200]);
});

it("a kubeconfig of something else is not overwritten, and one that a killed sandbox left is", async () => {
  const kubeconfig = join(folder, "config");
  writeFileSync(kubeconfig, "apiVersion: v1\ncurrent-context: production\n");
  const refused = start("--kubeconfig", kubeconfig);
  expect(await refused.ended).toBe(1);
  expect(refused.err()).toContain(
    `${kubeconfig} is there already, and is not ours: name a file that does not exist`,
  );
  expect(readFileSync(kubeconfig, "utf8")).toContain("production");
  writeFileSync(kubeconfig, '{"current-context": "kube-sandbox"}');
  await start("--kubeconfig", kubeconfig).printed("Ctrl-C");
});

it("--help and --version are answered on stdout", async () => {
  const help = start("--help");
  expect([await help.ended, help.out().split(" ")[0], help.err()]).toEqual([0, "Usage:", ""]);
  const version = start("--version");
  expect(await version.ended).toBe(0);
  expect(version.out()).toMatch(/^\d+\.\d+\.\d+/);
});

it.each([
  [["--port", "abc"], '--port wants a number from 0 to 65535, not "abc"'],
  [["--port", "70000"], "--port wants a number from 0 to 65535"],
  [["--claim", "a/b/c"], "--claim wants [NAMESPACE/]NAME[=FOLDER]"],
  [["--fault", "{"], '--fault wants JSON with "fault" in it, not {'],
  [["--fault", "null"], '--fault wants JSON with "fault" in it'],
  [["--kubeconfig", ""], "--kubeconfig wants a path"],
  [["--nope"], "Unknown option '--nope'"],
  [["serve"], "Unexpected argument 'serve'"],
])("%j is wrong usage: status 2, and what is wrong", async (args, why) => {
  const program = start(...args);
  expect(await program.ended).toBe(2);
  expect(program.err()).toContain(`kube-sandbox: ${why}`);
  expect(program.err()).toContain("Usage: kube-sandbox");
  expect(program.out()).toBe("");
});

it("a fault that makes no sense ends it with status 1 and leaves nothing", async () => {
  const program = start("--fault", '{"fault":{"kind":"gremlins"}}', "--directory", join(folder, "state"));
  expect(await program.ended).toBe(1);
  expect(program.err()).toContain('fault.kind "gremlins" is none of');
});
