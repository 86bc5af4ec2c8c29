import { randomUUID } from "node:crypto";
import type {
  AdapterExecutionContext,
  AdapterExecutionResult,
  AdapterInvocationMeta,
  ServerAdapterModule,
} from "@paperclipai/adapter-utils/types";
import { defineAgentAdapter } from "../../src/index.ts";
import { shell } from "./shell-agent.ts";
import type { Stage } from "./stage.ts";

/** What tests vary about a run. */
export interface RunOptions {
  readonly stage: Stage;
  /** What the agent does: its whole prompt. */
  readonly script: string;
  readonly adapter?: ServerAdapterModule;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly agentId?: string;
  readonly companyId?: string;
  readonly runId?: string;
  readonly sessionParams?: Record<string, unknown> | null;
  readonly signal?: AbortSignal;
  readonly ctx?: Partial<AdapterExecutionContext>;
  readonly onChunk?: (stream: "stdout" | "stderr", chunk: string) => void | Promise<void>;
  readonly onMessage?: (message: string) => void;
}

/** What the host saw of a run. */
export interface RunReport {
  readonly result: AdapterExecutionResult;
  readonly stdout: string;
  readonly stderr: string;
  readonly messages: readonly string[];
  readonly meta: readonly AdapterInvocationMeta[];
  readonly runId: string;
  readonly agentId: string;
  readonly companyId: string;
}

/** Runs an adapter's own `execute`, as the host does. */
export async function run(options: RunOptions): Promise<RunReport> {
  const { stage, script, adapter = defineAgentAdapter(shell), sessionParams = null, signal } = options;
  const { agentId = randomUUID(), companyId = "company-1", runId = randomUUID() } = options;
  const streams = { stdout: "", stderr: "" };
  const messages: string[] = [];
  const meta: AdapterInvocationMeta[] = [];
  const config = { ...stage.config, promptTemplate: script, ...options.config };
  const ctx: AdapterExecutionContext = {
    runId,
    agent: { id: agentId, companyId, name: "Agent", adapterType: adapter.type, adapterConfig: config },
    runtime: { sessionId: null, sessionParams, sessionDisplayId: null, taskKey: null },
    config,
    context: { ...options.context },
    onLog: async (stream, chunk) => {
      streams[stream] += chunk;
      await options.onChunk?.(stream, chunk);
    },
    onMeta: async (told) => void meta.push(told),
    onEvent: async ({ message }) => {
      messages.push(message ?? "");
      options.onMessage?.(message ?? "");
    },
    ...(signal && { signal, onCancellationReady: async () => {} }),
    ...options.ctx,
  };
  const result = await adapter.execute(ctx);
  return { result, ...streams, messages, meta, runId, agentId, companyId };
}
