/** Where a run stands, or a remark about it. */
export type PhaseOrNotice =
  | {
      readonly type: "phase";
      /** `scheduling`, `pulling`, `starting`, `running`, `finishing`, `stopping`, … */
      readonly phase: string;
      readonly message: string;
      readonly job: string | null;
      readonly pod: string | null;
    }
  | { readonly type: "notice"; readonly message: string };

/** What an event of the adapter (`onEvent`) tells. */
export function phaseOf(event: {
  readonly eventType: string;
  readonly message?: string | null | undefined;
  readonly payload?: Readonly<Record<string, unknown>> | null | undefined;
}): PhaseOrNotice {
  const message = event.message ?? "";
  const { phase, job, pod } = event.payload ?? {};
  if (event.eventType !== "k8s.phase" || typeof phase !== "string") return { type: "notice", message };
  return { type: "phase", phase, message, job: textOrNull(job), pod: textOrNull(pod) };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
