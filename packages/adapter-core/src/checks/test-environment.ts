import { isKubeApiError } from "@paperclip-k8s/job-supervisor";
import type {
  AdapterEnvironmentCheck,
  AdapterEnvironmentTestContext,
  AdapterEnvironmentTestResult,
} from "@paperclipai/adapter-utils/types";
import type { AgentDefinition } from "../agent-definition.ts";
import { parseConfig } from "../config/parse-config.ts";
import type { Connection } from "../host/connection.ts";
import { sharedCore } from "../host/core.ts";
import type { Host } from "../host/host.ts";
import { namespaceOf, placeRun } from "../host/placement.ts";
import { selfPodName } from "../host/self-pod.ts";
import { failed, messageOf, passed } from "./check.ts";
import { checkCredentials } from "./check-credentials.ts";
import { checkDryRun } from "./check-dry-run.ts";
import { checkKeys } from "./check-keys.ts";
import { checkPermissions } from "./check-permissions.ts";
import { checkClaim, checkVolumeHere } from "./check-volume.ts";
import { checkByPod } from "./test-pod/check-by-pod.ts";

/**
 * Everything that a run would stumble over, asked for before one does: first what can be asked without making
 * anything, then, where all of that holds, by a short pod. Leaves nothing in the cluster. Never throws.
 */
export async function testEnvironment(
  definition: AgentDefinition,
  host: Host,
  ctx: AdapterEnvironmentTestContext,
): Promise<AdapterEnvironmentTestResult> {
  const checks = await allChecks(definition, host, ctx);
  const worst = (level: AdapterEnvironmentCheck["level"]) => checks.some((check) => check.level === level);
  return {
    adapterType: definition.type,
    status: worst("error") ? "fail" : worst("warn") ? "warn" : "pass",
    checks,
    testedAt: new Date(host.clock.now()).toISOString(),
  };
}

async function allChecks(
  definition: AgentDefinition,
  host: Host,
  ctx: AdapterEnvironmentTestContext,
): Promise<AdapterEnvironmentCheck[]> {
  const parsed = parseConfig(definition, ctx.config);
  if (!parsed.ok) {
    return parsed.problems.map(({ field, message }) =>
      failed("config", `${field} ${message}`, `Correct ${field} in the agent's config.`),
    );
  }
  const config = parsed.config;
  const unread = checkKeys(definition, ctx.config);
  const reached = await reach(host, config.kubeconfig);
  const { connection } = reached;
  if (connection === null) return [...unread, reached.check];
  const { jobPrefix } = definition;
  const placed = await placeRun({ host, connection, config, jobPrefix }).catch(unplaced);
  if (!placed.ok) {
    const missing = placed.problems.map((problem) =>
      failed("placement", problem, "Set the named field, or let the host read its own pod."),
    );
    // A right that is missing may be why the pod could not be asked.
    const own = (await selfPodName(host))?.namespace;
    const namespace = namespaceOf({ config, connection, own });
    const rights = await checkPermissions(connection.transport, namespace);
    return [...unread, reached.check, ...rights, ...missing];
  }
  const { placement } = placed;
  const { transport } = connection;
  const tested = { host, definition, config, placement, ctx };
  const groups = await Promise.all([
    checkPermissions(transport, placement.namespace),
    checkClaim(transport, placement.namespace, placement.claimName),
    checkVolumeHere(config.volumeHostPath).then((check) => [check]),
    checkDryRun(tested).then((check) => [check]),
    checkCredentials(tested),
  ]);
  const checks = [...unread, reached.check, ...groups.flat()];
  if (!config.testPod || checks.some(({ level }) => level === "error")) return checks;
  return [...checks, ...(await checkByPod(tested))];
}

function unplaced(error: unknown): { readonly ok: false; readonly problems: readonly string[] } {
  return { ok: false, problems: [`The host's own pod cannot be read: ${messageOf(error)}`] };
}

/** Whether the API server answers, and how fast. */
async function reach(
  host: Host,
  kubeconfig: string | undefined,
): Promise<{ readonly check: AdapterEnvironmentCheck; readonly connection: Connection | null }> {
  try {
    const connection = await sharedCore().connection(host, kubeconfig);
    const before = host.clock.now();
    const version = await connection.transport.json<{ gitVersion?: string }>({
      method: "GET",
      path: "/version",
      timeoutMs: 10_000,
    });
    const message = `The API server at ${connection.server} answers in ${host.clock.now() - before} ms.`;
    return { check: passed("api_reachable", message, version.gitVersion ?? null), connection };
  } catch (error) {
    if (isKubeApiError(error, "unauthorized")) {
      const hint =
        "Renew the token or certificate in the host's kubeconfig (kubectl create token for a service account), or that of its pod.";
      const message =
        "The Kubernetes API server does not accept the host's credentials: expired, or not its own.";
      return { check: failed("api_credentials", message, hint, messageOf(error)), connection: null };
    }
    const hint =
      "Set kubeconfig to a file that leads to the cluster, or run Paperclip in the cluster with a service account.";
    return {
      check: failed("api_reachable", "The Kubernetes API server cannot be reached.", hint, messageOf(error)),
      connection: null,
    };
  }
}
