// A process that does nothing: what its event loop is late by, the machine's other load is to blame for.
import { monitorEventLoopDelay } from "node:perf_hooks";

const histogram = monitorEventLoopDelay({ resolution: 1 });
histogram.enable();
process.on("message", () => {
  process.send?.(histogram.percentile(99) / 1e6);
  histogram.reset();
});
process.on("disconnect", () => process.exit(0));
process.send?.(0);
