// How long after an agent's end its result is there, on a real cluster: runs one after the other, and prints the
// percentiles. `PAPERCLIP_K8S_CLUSTER=… npx pnpm@12 --filter @paperclip-k8s/e2e measure [runs]`
import { obtainCluster, releaseCluster } from "../src/cluster/start-cluster.ts";
import { adapters } from "../src/run/agents.ts";
import { openStage } from "../src/run/open-stage.ts";
import { runAgent } from "../src/run/run-agent.ts";

const runs = Number(process.argv[2] ?? 30);
const cluster = await obtainCluster({ env: process.env, cwd: process.cwd() });
if (cluster.state === "absent") throw new Error(cluster.reason);
try {
  await using stage = await openStage({ cluster, env: process.env });
  const adapter = adapters.shell();
  const waits: number[] = [];
  for (let i = 0; i < runs; i++) {
    // The agent's last act is to say when it ends.
    const { stdout, result } = await runAgent({
      adapter,
      prompt: "sleep 1; date +%s%3N",
      config: stage.config,
    });
    const took = Date.now() - Number(stdout.trim());
    if (result.exitCode !== 0 || Number.isNaN(took)) throw new Error(`run ${i}: ${JSON.stringify(result)}`);
    waits.push(took);
  }
  waits.sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.ceil(share * waits.length) - 1)];
  console.log(
    `${runs} runs: from the agent's end to its result p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, at most ${at(1)} ms`,
  );
} finally {
  await releaseCluster(cluster);
}
