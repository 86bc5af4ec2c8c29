// A host of its own: runs the shell agent as its argument says, tells each chunk, and may be killed at any time.
import { run } from "./run.ts";
import type { Stage } from "./stage.ts";

const { config, ...options } = JSON.parse(process.argv[2]!);
await run({
  ...options,
  stage: { config } as Stage,
  onChunk: (_stream, chunk) => void process.stdout.write(chunk),
});
