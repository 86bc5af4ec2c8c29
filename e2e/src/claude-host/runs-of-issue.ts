import type { Run } from "../paperclip/api/api-types.ts";
import type { PaperclipOnCluster } from "../paperclip-on-cluster.ts";
import { waitFor } from "../wait-for.ts";

/** An issue and the agent that has it. */
export interface AssignedIssue {
  readonly issueId: string;
  readonly agentId: string;
}

/** The runs of an issue, the first one first. */
export async function runsOfIssue(paperclip: PaperclipOnCluster, issue: AssignedIssue): Promise<Run[]> {
  const runs = await paperclip.api.runs(paperclip.companyId, issue.agentId);
  return runs.filter((run) => run.contextSnapshot?.["issueId"] === issue.issueId).reverse();
}

/** Waits for the n-th run of an issue to begin. */
export function nthRun(paperclip: PaperclipOnCluster, issue: AssignedIssue, n: number): Promise<Run> {
  return waitFor(async () => (await runsOfIssue(paperclip, issue))[n - 1], { what: `run ${n} of the issue` });
}

/** Waits for the n-th run of an issue to end. */
export async function nthRunEnded(
  paperclip: PaperclipOnCluster,
  issue: AssignedIssue,
  n: number,
): Promise<Run> {
  return paperclip.api.endedRun((await nthRun(paperclip, issue, n)).id);
}
