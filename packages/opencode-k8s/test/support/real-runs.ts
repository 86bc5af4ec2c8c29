import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import {
  offlineOpenCodeConfig,
  offlineOpenCodeEnvironment,
  opencodeBinary,
  type Script,
  type ScriptedModel,
  startScriptedModel,
} from "@paperclip-k8s/offline-agents";
import { leaveOrphan, type OrphanOptions } from "../../../adapter-core/test/support/killed-host.ts";
import { ownFile } from "../../../adapter-core/test/support/own-file.ts";
import { type RunOptions, type RunReport, run } from "../../../adapter-core/test/support/run.ts";
import { sharedStage } from "../../../adapter-core/test/support/shared-stage.ts";
import { createServerAdapter } from "../../src/index.ts";

/** A cluster whose image has the real OpenCode; or another program of that name, from the folder `bin`. */
export function openCodeStage(bin = dirname(opencodeBinary())) {
  return sharedStage({ path: [bin] });
}

/** What a test varies about a run of the adapter. */
export type RealRun = Partial<RunOptions> & {
  readonly stage: RunOptions["stage"];
  /** More of OpenCode's own config. */
  readonly settings?: Readonly<Record<string, unknown>>;
};

/** Runs the adapter's own `execute` with a scripted model; the agent is a new one unless it is named. */
export async function runOpenCode(script: Script, options: RealRun) {
  await using model = await startScriptedModel({ script });
  return await runWithModel(model, options);
}

/** Runs the adapter's own `execute` with a model that outlives the run. */
export async function runWithModel(model: ScriptedModel, options: RealRun) {
  const { stage, settings = {}, onChunk, onMessage, ...more } = options;
  const ids = { agentId: randomUUID(), companyId: "company-1", runId: randomUUID() };
  const known = { script: "Say it.", adapter: createServerAdapter(), ...ids, ...more };
  const file = ownFile({ stage, ...known });
  const report = await run({
    ...{ stage, ...known },
    config: { ...configFor(model, settings), ...options.config },
    onChunk: async (stream, chunk) => {
      file.keep();
      await onChunk?.(stream, chunk);
    },
    ...(onMessage && { onMessage }),
  });
  return { ...report, asked: askedOf(model), written: await file.read() };
}

/** A config that points OpenCode at a scripted model. */
export function configFor(model: ScriptedModel, settings: Readonly<Record<string, unknown>> = {}) {
  const { provider } = offlineOpenCodeConfig({ baseUrl: model.url });
  return {
    model: "anthropic/claude-sonnet-4-5",
    env: {
      ...offlineOpenCodeEnvironment({ baseUrl: model.url }),
      OPENCODE_CONFIG_CONTENT: JSON.stringify({ provider, ...settings }),
    },
    home: "agent",
  };
}

/** What a model was asked so far. */
export function askedOf(model: ScriptedModel): readonly string[] {
  return model.requests.map(({ body }) => JSON.stringify(body));
}

/** Leaves a run of OpenCode that has begun, by a host that is killed. */
export function leaveOpenCode(model: ScriptedModel, options: Omit<OrphanOptions, "word">): Promise<void> {
  const adapterModule = new URL("../../src/index.ts", import.meta.url).href;
  const config = { ...configFor(model), ...options.config };
  return leaveOrphan({ ...options, adapterModule, config, word: '"step_start"', withinMs: 120_000 });
}

/** The next run of the same agent, which resumes the session of `before`. */
export function after(before: RunReport): Pick<RunOptions, "agentId" | "companyId" | "sessionParams"> {
  const { agentId, companyId, result } = before;
  return { agentId, companyId, sessionParams: result.sessionParams as Record<string, unknown> };
}
