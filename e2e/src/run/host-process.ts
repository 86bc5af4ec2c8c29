// A host of its own, to be killed: runs one agent run and tells of it in lines of JSON on stdout.
import { adapters } from "./agents.ts";
import { runAgent } from "./run-agent.ts";
import type { HostRequest } from "./start-host.ts";

const { cancelAfterMs, agent, ...request }: HostRequest = JSON.parse(process.argv[2] ?? "{}");
const cancel = new AbortController();
if (cancelAfterMs !== undefined) setTimeout(() => cancel.abort(), cancelAfterMs);
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const report = await runAgent({
  ...request,
  adapter: adapters[agent](),
  signal: cancel.signal,
  onChunk: (stream, chunk) => tell({ stream, chunk }),
  onMessage: (message) => tell({ message }),
});
tell({ result: report.result });
process.exit(0);
