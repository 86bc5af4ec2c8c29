import type { V1Container, V1Job, V1PodSpec } from "@kubernetes/client-node";

/** What a webhook adds: a name, a command, and whether it goes on beside the agent or must end first. */
export interface InjectedContainer {
  readonly name: string;
  readonly command: readonly string[];
  readonly kind: "sidecar" | "init";
}

/** The Job with one more container in its pods, in the agent's image, in front of the agent's. */
export function withContainer(job: V1Job, { name, command, kind }: InjectedContainer): V1Job {
  const pod = job.spec?.template.spec;
  const agent = pod?.containers[0];
  if (!job.spec || !pod || !agent) throw new Error("a Job without a container");
  const { image, imagePullPolicy, securityContext } = agent;
  const added: V1Container = { name, command: [...command], image, imagePullPolicy, securityContext };
  const list = kind === "init" ? "initContainers" : "containers";
  const spec: V1PodSpec = { ...pod, [list]: [added, ...(pod[list] ?? [])] };
  return { ...job, spec: { ...job.spec, template: { ...job.spec.template, spec } } };
}
