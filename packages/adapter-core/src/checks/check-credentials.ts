import { access } from "node:fs/promises";
import { join } from "node:path";
import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";
import { homeDirectory } from "../environment/run-folders.ts";
import { passed, warned } from "./check.ts";
import { describeTestRun, type TestedConfig } from "./describe-test-run.ts";

/** Whether the agent CLI will find credentials, where that can be known from here; else nothing. */
export async function checkCredentials(tested: TestedConfig): Promise<readonly AdapterEnvironmentCheck[]> {
  const { definition, config, ctx } = tested;
  const { credentials, label } = definition;
  // A home of the agent's own is another one than the test's.
  if (credentials === undefined || config.home !== "shared" || config.subPathIsolation) return [];
  const run = await describeTestRun(tested).catch(() => null);
  // What no run could be made of is told by the dry run.
  if (run === null) return [];
  if (credentials.areIn(run.spec.environment))
    return [passed("credentials", `${label} finds credentials in its variables.`)];
  const { hostPath } = homeDirectory({ config, companyId: ctx.companyId, agentId: run.agentId });
  const file = join(hostPath, credentials.homeFile);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) return [passed("credentials", `${label} finds a login in ${credentials.homeFile}.`)];
  const message = `${label} will find no credentials: none in its variables, and no ${file}.`;
  return [warned("credentials", message, credentials.remedy)];
}
