import { randomUUID } from "node:crypto";
import type {
  AdapterExecutionContext,
  AdapterExecutionResult,
  ServerAdapterModule,
} from "@paperclipai/adapter-utils/types";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { keptOutput } from "./kept-output.ts";

/** A run as the host would ask for it. */
export interface RunAgentOptions {
  /** Default: the claude adapter. */
  readonly adapter?: ServerAdapterModule;
  readonly config: Readonly<Record<string, unknown>>;
  /** What the agent is asked to do: its whole prompt. */
  readonly prompt: string;
  readonly agentId?: string;
  readonly companyId?: string;
  readonly runId?: string;
  readonly sessionParams?: Readonly<Record<string, unknown>> | null;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  /** Told each chunk as it comes. */
  readonly onChunk?: (stream: "stdout" | "stderr", chunk: string) => void;
  /** Told each event for people as it comes. */
  readonly onMessage?: (message: string) => void;
}

/** What the host saw of a run. */
export interface AgentRunReport {
  readonly result: AdapterExecutionResult;
  readonly stdout: string;
  readonly stderr: string;
  readonly messages: readonly string[];
  readonly runId: string;
  readonly agentId: string;
  readonly companyId: string;
}

/**
 * Runs an adapter's own `execute` in this process, as the host does in its own. Rejects where a run that succeeded
 * gave the host anything else than what its agent CLI wrote, byte for byte.
 */
export async function runAgent(options: RunAgentOptions): Promise<AgentRunReport> {
  const {
    adapter = createServerAdapter(),
    config,
    prompt,
    sessionParams = null,
    context = {},
    onChunk,
    onMessage,
  } = options;
  const { agentId = randomUUID(), companyId = randomUUID(), runId = randomUUID() } = options;
  const streams = { stdout: "", stderr: "" };
  const messages: string[] = [];
  const adapterConfig = { ...config, promptTemplate: prompt };
  const volume = String(config["volumeHostPath"]);
  await using written = keptOutput({ volume, companyId, agentId, runId });
  const ctx: AdapterExecutionContext = {
    runId,
    agent: { id: agentId, companyId, name: "E2E", adapterType: adapter.type, adapterConfig },
    runtime: {
      sessionId: null,
      sessionParams: sessionParams === null ? null : { ...sessionParams },
      sessionDisplayId: null,
      taskKey: null,
    },
    config: adapterConfig,
    context: { ...context },
    authToken: "token-of-the-run",
    onLog: async (stream, chunk) => {
      if (stream === "stdout") await written.keep();
      streams[stream] += chunk;
      onChunk?.(stream, chunk);
    },
    onEvent: async ({ message }) => {
      messages.push(message ?? "");
      onMessage?.(message ?? "");
    },
    ...(options.signal && { signal: options.signal, onCancellationReady: async () => {} }),
  };
  const result = await adapter.execute(ctx);
  const wrote = result.errorCode ? undefined : await written.text();
  // What a second attempt writes comes after the first one's, from a file of its own.
  const isFirst = !messages.some((message) => message.includes("starts once more"));
  const got = isFirst ? streams.stdout : streams.stdout.slice(0, wrote?.length);
  if (wrote !== undefined && wrote !== got)
    throw new Error(
      `run ${runId}: the host got ${streams.stdout.length} characters, and the agent wrote ${wrote.length}`,
    );
  return { result, ...streams, messages, runId, agentId, companyId };
}
