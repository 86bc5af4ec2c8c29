import { buildJob } from "@paperclip-k8s/job-manifest";
import { isKubeApiError } from "@paperclip-k8s/job-supervisor";
import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";
import { failed, messageOf, passed } from "./check.ts";
import { describeTestRun, type TestedConfig } from "./describe-test-run.ts";

/** Offers the API server the very Job that a run of this config would have, without making it. */
export async function checkDryRun(tested: TestedConfig): Promise<AdapterEnvironmentCheck> {
  const { namespace, connection } = tested.placement;
  try {
    const { spec } = await describeTestRun(tested);
    const path = `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`;
    const query = { dryRun: "All", fieldValidation: "Strict" };
    await connection.transport.json({ method: "POST", path, query, body: buildJob(spec) });
    return passed("dry_run", "The API server accepts the Job that a run would have.");
  } catch (error) {
    const hint = isKubeApiError(error, "not_found")
      ? `Create the namespace ${namespace}, or set another one in namespace.`
      : "Correct the field that the message names, or the cluster's rule.";
    return failed("dry_run", "The Job that a run would have cannot be made.", hint, messageOf(error));
  }
}
