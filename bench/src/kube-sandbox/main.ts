// What a thousand scripted pods and their watchers cost the sandbox itself. Prints a table, in Markdown.
import { fork } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Order, PhaseFigures } from "./sandbox-process.ts";

const PODS = Number(process.argv[2] ?? 1000);
const JOBS = "/apis/batch/v1/namespaces/scale/jobs";
const PODS_PATH = "/api/v1/namespaces/scale/pods";

interface Address {
  readonly url: string;
  readonly token: string;
}

function send(at: Address, method: string, path: string, body?: object): Promise<{ items?: unknown[] }> {
  const headers = { authorization: `Bearer ${at.token}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const sent = request(at.url + path, { method, headers }, async (response) => {
      let text = "";
      for await (const chunk of response) text += String(chunk);
      if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(text) as { items?: unknown[] });
      else reject(new Error(text));
    });
    sent.once("error", reject);
    sent.end(body && JSON.stringify(body));
  });
}

/** Opens a watch and reads it, without a look at what it says. */
function watch(at: Address, path: string): { readonly bytes: () => number; end(): void } {
  let bytes = 0;
  const headers = { authorization: `Bearer ${at.token}` };
  const open = request(`${at.url + path}?watch=1`, { headers }, (response) => {
    response.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    response.on("error", () => {});
  });
  open.on("error", () => {});
  open.end();
  return { bytes: () => bytes, end: () => void open.destroy() };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(100);
}

const jobNamed = (name: string): object => {
  const containers = [{ name: "agent", image: "x", command: ["sh"] }];
  return {
    metadata: { name },
    spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers } } },
  };
};

async function measure(watchers: number): Promise<void> {
  const program = fileURLToPath(new URL("sandbox-process.ts", import.meta.url));
  const execArgv = ["--conditions=@paperclip-k8s/source", "--expose-gc"];
  const child = fork(program, { execArgv });
  const [at] = (await once(child, "message")) as [Address];
  const sumUp = async (): Promise<PhaseFigures> => {
    child.send("sum-up" satisfies Order);
    return ((await once(child, "message")) as [PhaseFigures])[0];
  };
  const counted = async (path: string, selector: string): Promise<number> =>
    (await send(at, "GET", `${path}?fieldSelector=${encodeURIComponent(selector)}`)).items?.length ?? 0;
  const row = (
    phase: string,
    { heapMiB, cpuSec, wallSec, delayP50Ms, delayP99Ms, delayMaxMs }: PhaseFigures,
  ): void => {
    const figures = [wallSec, cpuSec, heapMiB, delayP50Ms, delayP99Ms, delayMaxMs].map((one) =>
      one.toFixed(1),
    );
    console.log(`| ${watchers} | ${phase} | ${figures.join(" | ")} |`);
  };

  const open = Array.from({ length: watchers }, () => [watch(at, JOBS), watch(at, PODS_PATH)]).flat();
  await sleep(500);
  row("nothing there", await sumUp());
  for (let made = 0; made < PODS; made += 50) {
    const names = Array.from({ length: Math.min(50, PODS - made) }, (_, index) => `run-${made + index}`);
    await Promise.all(names.map((name) => send(at, "POST", JOBS, jobNamed(name))));
  }
  await until(async () => (await counted(PODS_PATH, "status.phase=Running")) === PODS);
  row(`${PODS} Jobs come`, await sumUp());
  await sleep(10_000);
  row("all work", await sumUp());
  child.send("end-pods" satisfies Order);
  await until(async () => (await counted(JOBS, "status.successful=1")) === PODS);
  row("all end at once", await sumUp());
  await send(at, "DELETE", `${JOBS}?propagationPolicy=Background`);
  await until(async () => (await send(at, "GET", `${PODS_PATH}?limit=1`)).items?.length === 0);
  row("all are deleted", await sumUp());
  for (const one of open) one.end();
  child.disconnect();
  await once(child, "exit");
}

console.log(`Node ${process.version}, ${cpus().length} CPUs, ${PODS} Jobs with a scripted pod each.\n`);
console.log(
  "| watches of each kind | phase | seconds | CPU s | heap MiB | event loop p50 ms | p99 ms | max ms |",
);
console.log("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const watchers of [1, 2, 10]) await measure(watchers);
