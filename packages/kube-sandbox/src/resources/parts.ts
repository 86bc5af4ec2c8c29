import { kindOf } from "./kinds.ts";
import type { Job, KubeObject, ObjectMeta, OwnerReference, Pod, PodSpec } from "./objects.ts";

/** The kind of namespaces, which many answers name. */
export const namespaces = kindOf("namespaces");

/** The pod spec inside a pod or a Job, if it has one. */
export function podSpecOf(object: KubeObject): PodSpec | undefined {
  if (object.kind === "Pod") return (object as Pod).spec;
  if (object.kind === "Job") return (object as Job).spec?.template?.spec;
  return undefined;
}

/** The owner that controls an object, if any. */
export function controllerOf(meta: ObjectMeta): OwnerReference | undefined {
  return meta.ownerReferences?.find((owner) => owner.controller === true);
}

/** Whether a pod's containers have ended for good. */
export function isTerminal(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}
