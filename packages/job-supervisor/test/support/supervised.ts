import type { KubeApi, RunFiles } from "../../src/index.ts";
import { type SuperviseOptions, superviseRun } from "../../src/supervised-run.ts";
import { bounds, jobWith, T0 } from "./facts.ts";

/** What a test says of a run; the rest is of one whose Job was resumed at T0, and whose files nobody writes. */
type Supervised = Pick<SuperviseOptions, "clock"> &
  Partial<Pick<SuperviseOptions, "run" | "healthySince">> & {
    readonly api?: Partial<KubeApi>;
    readonly files?: Partial<RunFiles>;
  };

/** A run that is followed without a cluster: the test tells what is heard of it. */
export function supervised({
  clock,
  api = {},
  files = {},
  ...more
}: Supervised): ReturnType<typeof superviseRun> {
  return superviseRun({
    api: api as KubeApi,
    clock,
    random: () => 0.5,
    job: jobWith(null),
    run: {} as never,
    files: {
      prepare: async () => {},
      look: async () => ({ started: false, record: null }),
      observe: () => {},
      remove: async () => {},
      ...files,
    },
    bounds,
    resumedAt: T0,
    container: "agent",
    healthySince: () => T0 - 3_600_000,
    lastHeard: () => null,
    isAnothers: () => false,
    onSettled: () => {},
    ...more,
  });
}
