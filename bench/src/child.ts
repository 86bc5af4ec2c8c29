// A measuring process: does one task, prints its figures as JSON, ends.
import { append, measureDelivery } from "./measure/deliver.ts";
import { measureIdle } from "./measure/idle.ts";
import { measureRead } from "./measure/read.ts";
import type { Figures, Task } from "./measure/task.ts";

function run(task: Task): Promise<Figures> {
  switch (task.kind) {
    case "read":
      return measureRead(task);
    case "deliver":
      return measureDelivery(task);
    case "append":
      return append(task);
    case "idle":
      return measureIdle(task);
  }
}

try {
  const figures = await run(JSON.parse(process.argv[2] ?? "") as Task);
  process.stdout.write(JSON.stringify({ ok: true, figures }), () => process.exit(0));
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  process.stdout.write(JSON.stringify({ ok: false, why }), () => process.exit(0));
}
