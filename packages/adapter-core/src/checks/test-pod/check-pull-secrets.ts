import type { CoreV1Event } from "@kubernetes/client-node";
import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";
import type { Placement } from "../../host/placement.ts";
import { failed, passed } from "../check.ts";

/**
 * Whether the kubelet found the pull secrets of a pod, which tells only its events: the host may not read secrets,
 * and the pod runs without where the image is public or already on the node.
 */
export async function checkPullSecrets(
  { connection, namespace, imagePullSecrets }: Placement,
  podName: string,
): Promise<AdapterEnvironmentCheck[]> {
  if (imagePullSecrets.length === 0) return [];
  const names = imagePullSecrets.join(", ");
  const missing = await missingSecretEvent({ connection, namespace, podName });
  // Without the right to read events, which is a check of its own.
  if (missing === undefined) return [];
  if (missing === null)
    return [passed("image_pull_secrets", `The kubelet found the pull secrets (${names}).`)];
  const hint = `Create it in ${namespace} (kubectl create secret docker-registry NAME -n ${namespace} …), or correct imagePullSecrets.`;
  const message = `Not every pull secret is in ${namespace} (${names}).`;
  return [failed("image_pull_secrets", message, hint, missing.message ?? null)];
}

/** Null where there is none; undefined where that could not be asked for. */
async function missingSecretEvent(options: {
  connection: Placement["connection"];
  namespace: string;
  podName: string;
}): Promise<CoreV1Event | null | undefined> {
  const { connection, namespace, podName } = options;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
  const query = {
    fieldSelector: `involvedObject.name=${podName},reason=FailedToRetrieveImagePullSecret`,
    limit: 1,
  };
  try {
    const { items } = await connection.transport.json<{ items: CoreV1Event[] }>({
      method: "GET",
      path,
      query,
    });
    return items[0] ?? null;
  } catch {
    return undefined;
  }
}
