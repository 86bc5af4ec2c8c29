// A host of its own: runs an agent as its argument says, tells each chunk, and may be killed at any time.
import { run } from "./run.ts";
import type { Stage } from "./stage.ts";

const { config, adapterModule, ...options } = JSON.parse(process.argv[2]!);
const adapter = adapterModule && (await import(adapterModule)).createServerAdapter();
await run({
  ...options,
  ...(adapter && { adapter }),
  stage: { config } as Stage,
  onChunk: (_stream, chunk) => void process.stdout.write(chunk),
});
