import type { Job, KubeObject, Pod } from "../../resources/objects.ts";
import { controllerOf } from "../../resources/parts.ts";
import { createObject } from "../../store/create-object.ts";
import { deleteObject } from "../../store/delete-object.ts";
import type { ControllerContext } from "../context.ts";
import type { Owners } from "../owners.ts";
import { trackingFinalizer } from "./tally.ts";

/** What the Job controller does to pods. */
export interface JobPods {
  of(uid: string): Pod[];
  create(job: Job): void;
  /** Deletes with the pod's own grace; a suspended Job's pods are not counted any more. */
  delete(job: Job, pod: Pod, options: { readonly counted: boolean }): void;
  release(pod: Pod): void;
}

/** Pods of Jobs, through the store and the index of owners. */
export function createJobPods(context: ControllerContext, owners: Owners): JobPods {
  const { store, timers, events } = context;

  const release = (pod: Pod): void => {
    store.change("pods", pod.metadata.namespace, pod.metadata.name, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((name) => name !== trackingFinalizer);
      if (metadata.finalizers.length === 0) delete metadata.finalizers;
    });
  };

  const say = (job: Job, reason: string, message: string, type?: "Warning"): void =>
    events({
      about: job,
      reason,
      message,
      component: "job-controller",
      ...(type === undefined ? {} : { type }),
    });

  const create = (job: Job): void => {
    const { name, namespace, uid } = job.metadata;
    const { metadata: template = {}, spec } = structuredClone(job.spec.template);
    const draft = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        generateName: `${name.slice(0, 57)}-`,
        ...(template.labels === undefined ? {} : { labels: template.labels }),
        ...(template.annotations === undefined ? {} : { annotations: template.annotations }),
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "Job", name, uid, controller: true, blockOwnerDeletion: true },
        ],
        finalizers: [trackingFinalizer],
      },
      spec,
    };
    try {
      const pod = createObject(
        { store, now: timers.now() },
        "pods",
        namespace,
        draft as unknown as KubeObject,
      );
      say(job, "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
    } catch (error) {
      say(job, "FailedCreate", `Error creating: ${(error as Error).message}`, "Warning");
    }
  };

  return {
    release,
    create,
    of: (uid) =>
      owners
        .dependentsOf(uid)
        .filter(({ resource }) => resource === "pods")
        .map(({ namespace, name }) => store.get("pods", namespace, name))
        .filter((pod) => pod !== undefined && controllerOf(pod.metadata)?.uid === uid) as Pod[],
    delete(job, pod, { counted }) {
      if (!counted) release(pod);
      const target = {
        resource: "pods",
        namespace: pod.metadata.namespace,
        name: pod.metadata.name,
      } as const;
      if (store.get("pods", target.namespace, target.name) === undefined) return;
      deleteObject({ store, now: timers.now() }, target, {});
      say(job, "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
    },
  };
}
