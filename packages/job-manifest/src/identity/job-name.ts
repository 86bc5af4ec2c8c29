import type { RunIdentity, RunNaming } from "../agent-run-spec.ts";
import { sha256 } from "./label-value.ts";

const SLUG_LENGTH = 16;
const HASH_LENGTH = 6;

/**
 * The Job's name: prefix, slugs of agent and run, and six hex digits over the full ids, so that two
 * agents whose ids share their first characters stay two. The same run always has the same name:
 * creating it twice is one Job. From the second attempt on, the attempt's number ends the name.
 *
 * @returns a DNS label of at most 63 characters
 */
export function jobName(
  naming: Pick<RunNaming, "jobPrefix" | "instanceId">,
  identity: Pick<RunIdentity, "companyId" | "agentId" | "runId" | "attempt">,
): string {
  const { companyId, agentId, runId, attempt } = identity;
  const hash = sha256(JSON.stringify([naming.instanceId, companyId, agentId, runId])).slice(0, HASH_LENGTH);
  const suffix = attempt > 1 ? `-${attempt}` : "";
  return `${naming.jobPrefix}${slug(agentId)}-${slug(runId)}-${hash}${suffix}`;
}

function slug(id: string): string {
  const readable = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, SLUG_LENGTH)
    .replace(/-+$/, "");
  return readable === "" ? "x" : readable;
}
