import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { isKubeApiError, type KubeTransport } from "@paperclip-k8s/job-supervisor";
import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";
import { failed, messageOf, passed, warned } from "./check.ts";

/** Whether the claim is there, bound, and may be mounted on several nodes. */
export async function checkClaim(
  transport: KubeTransport,
  namespace: string,
  claimName: string,
): Promise<AdapterEnvironmentCheck[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/persistentvolumeclaims/${encodeURIComponent(claimName)}`;
  try {
    const claim = await transport.json<V1PersistentVolumeClaim>({ method: "GET", path });
    return [boundCheck(claim, namespace, claimName), accessCheck(claim, claimName)];
  } catch (error) {
    if (isKubeApiError(error, "not_found")) {
      const hint = `Create the claim in ${namespace}, or set volumeClaim to the claim that the host has.`;
      return [failed("claim_missing", `There is no claim ${claimName} in ${namespace}.`, hint)];
    }
    return [
      warned(
        "claim",
        `The claim ${claimName} could not be read.`,
        "Let the host get persistentvolumeclaims.",
        messageOf(error),
      ),
    ];
  }
}

function boundCheck(
  claim: V1PersistentVolumeClaim,
  namespace: string,
  claimName: string,
): AdapterEnvironmentCheck {
  const phase = claim.status?.phase ?? "unknown";
  if (phase === "Bound") return passed("claim_bound", `The claim ${claimName} is bound.`);
  // A storage class that waits for the first consumer binds with the first pod.
  const hint = `kubectl describe pvc ${claimName} -n ${namespace} says what it waits for.`;
  return warned("claim_bound", `The claim ${claimName} is not bound yet (${phase}).`, hint);
}

function accessCheck(claim: V1PersistentVolumeClaim, claimName: string): AdapterEnvironmentCheck {
  const modes = claim.status?.accessModes ?? claim.spec?.accessModes ?? [];
  if (modes.includes("ReadWriteMany"))
    return passed("claim_access", `The claim ${claimName} is ReadWriteMany.`);
  const hint =
    "Use a claim with accessModes: [ReadWriteMany]: host and agents write to it from several nodes.";
  return failed(
    "claim_access",
    `The claim ${claimName} is ${modes.join(", ") || "of no access mode"}.`,
    hint,
  );
}

/** Whether the host can write where it expects the volume. */
export async function checkVolumeHere(volumeHostPath: string): Promise<AdapterEnvironmentCheck> {
  const probe = resolve(volumeHostPath, `.paperclip-k8s-probe-${randomUUID()}`);
  try {
    await writeFile(probe, "");
    return passed("volume_writable", `The host can write to ${volumeHostPath}.`);
  } catch (error) {
    const hint =
      "Mount the shared claim there, give the host's user the right to write, or set volumeHostPath.";
    return failed("volume_writable", `The host cannot write to ${volumeHostPath}.`, hint, messageOf(error));
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}
