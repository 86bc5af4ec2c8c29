// A host of its own, to be killed: runs one agent run and tells of it in lines of JSON on stdout.
import { runAgent } from "./run-agent.ts";
import { createShellAdapter } from "./shell-agent.ts";

const { cancelAfterMs, ...request } = JSON.parse(process.argv[2] ?? "{}");
const cancel = new AbortController();
if (cancelAfterMs !== undefined) setTimeout(() => cancel.abort(), cancelAfterMs);
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const report = await runAgent({
  ...request,
  ...(request.shell && { adapter: createShellAdapter() }),
  signal: cancel.signal,
  onChunk: (stream, chunk) => tell({ stream, chunk }),
  onMessage: (message) => tell({ message }),
});
tell({ result: report.result });
process.exit(0);
