// What the end of a step means: whether another follows, and whether it is a failure.
import type { AgentFailure, FailureFamily } from "../failure.ts";
import { type FamilyTable, lookUp } from "../family-table.ts";

/**
 * Whether OpenCode makes another step after one that ended so. It does after a tool call, whatever the reason says, and
 * where it does not know why the provider ended its answer.
 */
export function goesOnAfter({ reason, hadTool }: { reason: string; hadTool: boolean }): boolean {
  return hadTool || reason === "tool-calls" || reason === "unknown";
}

/** Why a run has failed whose last step ended for this reason; undefined where it has not. */
export function failureOfLastStep(reason: string): AgentFailure | undefined {
  if (reason === "stop" || reason === "tool-calls") return undefined;
  const family: FailureFamily = lookUp(familyByReason, reason) ?? "unclassified";
  return { family, message: `The model ended with ${reason}` };
}

const familyByReason: FamilyTable = {
  length: "output_limit",
  "content-filter": "model_refusal",
  // The provider began an answer that it could not finish, such as a tool call without a form.
  error: "transient_upstream",
};
