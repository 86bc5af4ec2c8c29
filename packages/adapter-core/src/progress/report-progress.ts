import type { RunPhase, RunProgress } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils/types";
import { tellInOrder } from "./tell-host.ts";

const SAYS: Readonly<Record<RunPhase, string>> = {
  queued: "Waiting in the queue",
  scheduling: "Waiting for a node",
  pulling: "Pulling the image",
  starting: "Starting the container",
  running: "The agent is running",
  finishing: "The agent has ended; its outcome is being read",
  stopping: "Ending the agent",
};

/** Tells the host where a run stands, by whatever the host has for it. What it does with that changes nothing. */
export function reportProgress(
  ctx: Pick<AdapterExecutionContext, "onRuntimeProgress" | "onEvent">,
  jobName: string,
): (progress: RunProgress) => void {
  return (progress) => {
    const message = sentence(progress);
    const payload = { job: jobName, pod: progress.podName, phase: progress.phase, detail: progress.detail };
    tellInOrder(ctx.onRuntimeProgress, () => ctx.onRuntimeProgress?.({ phase: "adapter_startup", message }));
    tellInOrder(ctx.onEvent, () =>
      ctx.onEvent?.({ eventType: "k8s.phase", stream: "system", level: "info", message, payload }),
    );
  };
}

/** Tells the host of something that is no phase: a wait, a re-attachment, a note. */
export function reportNotice(
  ctx: Pick<AdapterExecutionContext, "onRuntimeProgress" | "onEvent">,
  message: string,
): void {
  tellInOrder(ctx.onRuntimeProgress, () => ctx.onRuntimeProgress?.({ phase: "adapter_startup", message }));
  tellInOrder(ctx.onEvent, () =>
    ctx.onEvent?.({ eventType: "k8s.notice", stream: "system", level: "info", message }),
  );
}

const BEFORE_THE_START: ReadonlySet<RunPhase> = new Set(["queued", "scheduling", "pulling", "starting"]);

/** What a run waits for whose agent has not started; null once it has. */
export function waitOf(progress: RunProgress | null): string | null {
  return progress !== null && BEFORE_THE_START.has(progress.phase) ? sentence(progress) : null;
}

function sentence({ phase, podName, detail }: RunProgress): string {
  const pod = podName ? ` (pod ${podName})` : "";
  return `${SAYS[phase]}${pod}${detail ? `: ${detail}` : ""}`;
}
