import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = new URL("..", import.meta.url);
const readme = await readFile(new URL("README.md", root), "utf8");
const [tenLines, scripted, fault] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);

/** What a program says that has the README's ten lines, and more after them. */
async function run(more: readonly unknown[]): Promise<string> {
  const program = [tenLines, ...more].join("\n");
  const flags = ["--conditions=@paperclip-k8s/source", "--input-type=module-typescript", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: root, timeout: 20_000 });
  return stdout;
}

it("the ten lines of the README run, and end by themselves", async () => {
  const count = `console.log((await batch.listNamespacedJob({ namespace: "runs" })).items.length);`;
  expect(await run([count])).toBe("1\n");
});

it("the README's script is that of a pod with its labels", async () => {
  const job = `
    const labelled = { ...spec, template: { metadata: { labels: { app: "agent" } }, spec: spec.template.spec } };
    await batch.createNamespacedJob({ namespace: "runs", body: { metadata: { name: "agent" }, spec: labelled } });
    const failed = async () => (await batch.readNamespacedJob({ namespace: "runs", name: "agent" })).status?.failed;
    while (!(await failed())) await new Promise((resolve) => setTimeout(resolve, 10));
    const { CoreV1Api } = await import("@kubernetes/client-node");
    const pods = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: "runs", labelSelector: "app=agent" });
    console.log(pods.items[0].status.containerStatuses[0].state.terminated.reason);
  `;
  expect(await run([scripted, job])).toBe("OOMKilled\n");
});

it("the README's fault is removed before it strikes; left alone, it strikes once", async () => {
  const create = `
    const { CoreV1Api } = await import("@kubernetes/client-node");
    const core = config.makeApiClient(CoreV1Api);
    const statuses = [];
    for (const name of ["a", "b"]) {
      const made = core.createNamespacedSecret({ namespace: "runs", body: { metadata: { name } } });
      statuses.push(await made.then(() => 201, ({ code }) => code));
    }
    console.log(statuses.join());
  `;
  expect(await run([fault, create])).toBe("201,201\n");
  expect(await run([fault?.replace("fault.remove();", ""), create])).toBe("429,201\n");
});
