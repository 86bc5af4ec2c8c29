// The sandbox in a process of its own, so that what is measured is the sandbox and not its clients.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { startKubeSandbox } from "@paperclip-k8s/kube-sandbox";

/** What the measured process says of one phase. */
export interface PhaseFigures {
  readonly heapMiB: number;
  readonly cpuSec: number;
  readonly wallSec: number;
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
}

/** What it is told: to end its pods, or to sum up the phase that ends now. */
export type Order = "end-pods" | "sum-up";

const heapMiB = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const ends: (() => void)[] = [];
await using sandbox = await startKubeSandbox({ namespaces: ["scale"], requestLog: false });
sandbox.pods.script({}, async (_, controls) => {
  controls.setRunning();
  await new Promise<void>((resolve) => ends.push(resolve));
  controls.terminate();
});

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
let cpu = process.cpuUsage();
let since = performance.now();
const sumUp = (): PhaseFigures => {
  const { user, system } = process.cpuUsage(cpu);
  const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 5);
  const wallSec = (performance.now() - since) / 1000;
  const figures = {
    ...{ wallSec, cpuSec: (user + system) / 1e6 },
    delayP50Ms: ms(delay.percentile(50)),
    delayP99Ms: ms(delay.percentile(99)),
    delayMaxMs: ms(delay.max),
    heapMiB: heapMiB(),
  };
  delay.reset();
  cpu = process.cpuUsage();
  since = performance.now();
  return figures;
};

const over = new Promise<void>((resolve) => process.once("disconnect", resolve));
process.on("message", (order: Order) => {
  if (order === "end-pods") for (const end of ends.splice(0)) end();
  else process.send?.(sumUp());
});
process.send?.({ url: sandbox.url, token: sandbox.token });
await over;
