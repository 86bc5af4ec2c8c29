import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import {
  offlineOpenCodeConfig,
  offlineOpenCodeEnvironment,
  opencodeBinary,
  type Script,
  startScriptedModel,
} from "@paperclip-k8s/offline-agents";
import { type RunOptions, type RunReport, run } from "../../../adapter-core/test/support/run.ts";
import { sharedStage } from "../../../adapter-core/test/support/shared-stage.ts";
import { createServerAdapter } from "../../src/index.ts";

/** A cluster whose image has the real OpenCode; or another program of that name, from the folder `bin`. */
export function openCodeStage(bin = dirname(opencodeBinary())) {
  return sharedStage({ path: [bin] });
}

/** What a test varies about a run of the adapter. */
export type RealRun = Partial<RunOptions> & { readonly stage: RunOptions["stage"] };

/** Runs the adapter's own `execute` with a scripted model; the agent is a new one unless it is named. */
export async function runOpenCode(script: Script, options: RealRun) {
  await using model = await startScriptedModel({ script });
  const report = await run({
    ...{ script: "Say it.", agentId: randomUUID(), adapter: createServerAdapter() },
    ...options,
    config: {
      model: "anthropic/claude-sonnet-4-5",
      env: {
        ...offlineOpenCodeEnvironment({ baseUrl: model.url }),
        OPENCODE_CONFIG_CONTENT: JSON.stringify({
          provider: offlineOpenCodeConfig({ baseUrl: model.url })["provider"],
        }),
      },
      home: "agent",
      ...options.config,
    },
  });
  const asked = model.requests.map(({ body }) => JSON.stringify(body));
  return { ...report, asked };
}

/** The next run of the same agent, which resumes the session of `before`. */
export function after(before: RunReport): Pick<RunOptions, "agentId" | "companyId" | "sessionParams"> {
  const { agentId, companyId, result } = before;
  return { agentId, companyId, sessionParams: result.sessionParams as Record<string, unknown> };
}
