import type { V1Container, V1PodSpec } from "@kubernetes/client-node";

/**
 * What a relaxation allows beside the Pod Security Standard "restricted".
 *
 * - `runAsRoot`: an added container may run as user 0.
 * - `capabilities`: containers may add capabilities, and drop fewer than all.
 * - `privilegeEscalation`: containers may set `allowPrivilegeEscalation`.
 * - `privileged`: containers may be privileged, with all that `capabilities`, `privilegeEscalation` and
 *   `unconfined` allow.
 * - `unconfined`: seccomp and AppArmor may be `Unconfined`, SELinux options free, `procMount` `Unmasked`.
 * - `hostNetwork`: the pod may use its node's network and ports.
 * - `volumeTypes`: volumes may be of any kind, `hostPath` included.
 */
export type SecurityRelaxation = (typeof SECURITY_RELAXATIONS)[number];

/** Every {@link SecurityRelaxation}. */
export const SECURITY_RELAXATIONS = [
  "runAsRoot",
  "capabilities",
  "privilegeEscalation",
  "privileged",
  "unconfined",
  "hostNetwork",
  "volumeTypes",
] as const;

/** A container by its name: the agent's, to which the rest is added, or one that stands beside it. */
export type ContainerPatch = Partial<V1Container> & Pick<V1Container, "name">;

/**
 * A part of a pod template that is added to the run's own. Maps are merged by key, lists of named things by
 * name (mounts by path), other lists are appended to. It removes nothing, and what belongs to the run (its
 * command, its mounts, its labels, its end, its security) is refused by name.
 */
export interface PodTemplatePatch {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<
    Partial<Omit<V1PodSpec, "containers" | "initContainers">> & {
      containers?: readonly ContainerPatch[];
      initContainers?: readonly ContainerPatch[];
    }
  >;
}
