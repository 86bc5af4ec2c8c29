import { existsSync, linkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stage } from "./stage.ts";

/** The file that an agent CLI writes its stdout to, under a second name that outlives the run. */
export interface OwnFile {
  /** Gives the file its second name, once; it is there as soon as the run has said anything. */
  keep(): void;
  /** All that was written; null where the run never had the file. */
  read(): Promise<string | null>;
}

/** What the host was given can so be compared with what the agent CLI wrote. */
export function ownFile(options: {
  readonly stage: Stage;
  readonly companyId: string;
  readonly agentId: string;
  readonly runId: string;
}): OwnFile {
  const { stage, companyId, agentId, runId } = options;
  const folder = join(stage.volume, "instances/default/run-logs", companyId, agentId);
  const kept = join(stage.root, `${runId}.kept`);
  return {
    keep: () => {
      const path = join(folder, `${runId}.pod.ndjson`);
      if (!existsSync(kept) && existsSync(path)) linkSync(path, kept);
    },
    read: async () => (existsSync(kept) ? readFile(kept, "utf8") : null),
  };
}
