// One run, asked for as Paperclip asks for it: the adapter's own `execute` with a context.
import { randomUUID } from "node:crypto";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { DemoError } from "../demo-error.ts";
import type { Show } from "../show/demo-event.ts";
import type { Stage } from "../stage/stage.ts";
import { type RunFigures, readFigures } from "./figures.ts";
import { phaseOf } from "./phase-of.ts";
import { createTranscript } from "./transcript.ts";

/** What a run is asked with. */
export interface RunAgentOptions {
  readonly stage: Stage;
  readonly agent: { readonly agentId: string; readonly companyId: string };
  /** 1 for the first. */
  readonly run: number;
  readonly task: string;
  /** What the run before returned as `sessionParams`; null for a fresh session. */
  readonly session: SessionParams;
  readonly show: Show;
  /** Cancels the run. */
  readonly signal: AbortSignal;
}

/** What the host keeps between two runs of a session, as the adapter gave it. */
export type SessionParams = Readonly<Record<string, unknown>> | null;

/** A run that is over. */
export interface FinishedRun {
  readonly figures: RunFigures;
  readonly session: SessionParams;
}

type Context = Parameters<ReturnType<typeof createServerAdapter>["execute"]>[0];

/** Runs the agent once, shows what happens, and resolves at the end. Throws DemoError `run_failed`. */
export async function runAgent(options: RunAgentOptions): Promise<FinishedRun> {
  const { stage, run, task, session, show } = options;
  const adapter = createServerAdapter();
  const startedAt = Date.now();
  const firstRequest = stage.requests?.().length ?? 0;
  show({ type: "run", run, task, resumes: sessionIdOf(session) });
  let runningAt: number | null = null;
  const noting: Show = (event) => {
    if (event.type === "phase" && event.phase === "running") runningAt ??= Date.now();
    show(event);
  };
  const result = await adapter
    .execute(contextOf({ ...options, show: noting }, adapter.type, startedAt))
    .catch((error: unknown) => {
      throw new DemoError("run_failed", `The run failed before it had a result: ${String(error)}`, error);
    });
  const figures = readFigures({
    ...{ run, startedAt, runningAt, endedAt: Date.now(), result, resumed: session !== null },
    audit: stage.requests && { requests: stage.requests(), firstRequest },
  });
  show({ type: "result", ...figures });
  if (options.signal.aborted) show({ type: "cancel", state: figures.cancellation });
  return { figures, session: result.sessionParams ?? null };
}

function contextOf(options: RunAgentOptions, adapterType: string, startedAt: number): Context {
  const { stage, agent, run, task, session, show, signal } = options;
  const config = { ...stage.config, promptTemplate: task };
  const sinceStart = () => Date.now() - startedAt;
  const transcript = createTranscript((entry) =>
    show({ type: "transcript", run, atMs: sinceStart(), entry }),
  );
  return {
    runId: randomUUID(),
    agent: {
      id: agent.agentId,
      companyId: agent.companyId,
      name: "Demo",
      adapterType,
      adapterConfig: config,
    },
    runtime: {
      sessionId: sessionIdOf(session),
      sessionParams: session && { ...session },
      sessionDisplayId: sessionIdOf(session),
      taskKey: null,
    },
    config,
    context: {},
    authToken: "token-of-the-demo",
    onLog: async (stream, chunk) => {
      if (stream === "stdout") transcript.push(chunk);
      else show({ type: "stderr", run, atMs: sinceStart(), text: chunk });
    },
    onEvent: async (event) => show({ ...phaseOf(event), run, atMs: sinceStart() }),
    // With both, the host waits for the end of the agent instead of taking the run for cancelled at once.
    signal,
    onCancellationReady: async () => {},
  };
}

function sessionIdOf(session: SessionParams): string | null {
  const id = session?.["sessionId"];
  return typeof id === "string" ? id : null;
}
