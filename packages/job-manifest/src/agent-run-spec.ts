import type {
  V1Affinity,
  V1PodDNSConfig,
  V1ResourceRequirements,
  V1Toleration,
  V1Volume,
  V1VolumeMount,
} from "@kubernetes/client-node";
import type { PodTemplatePatch, SecurityRelaxation } from "./pod-template/pod-template-patch.ts";

/** Who asked for the run, in full, as the host knows it. Labels carry a sanitized form, annotations this. */
export interface RunIdentity {
  /** The adapter's type, such as the one the host registered. */
  readonly adapterType: string;
  readonly companyId: string;
  readonly agentId: string;
  readonly runId: string;
  /** The task the run works on; null where it works on none. Two nulls are the same task. */
  readonly taskId: string | null;
  /** The session that the run resumes; null where it starts afresh. */
  readonly sessionId: string | null;
  /** 1 for the first attempt of a run, 2 for the second. */
  readonly attempt: number;
}

/** The names on the wire that are not this package's to choose. */
export interface RunNaming {
  /** Begins every Job's name, a dash included: "ac-". */
  readonly jobPrefix: string;
  /** Domain of all labels and annotations: "paperclip.io". */
  readonly labelDomain: string;
  /** Value of `app.kubernetes.io/managed-by`: "paperclip". */
  readonly managedBy: string;
  /** The instance that owns the Job, in the form of `instanceId()`: the sweep looks at nothing else. */
  readonly instanceId: string;
}

/** A claim mounted into the pod, as a whole or limited to sub-paths. */
export interface SharedVolume {
  readonly claimName: string;
  /** Where the pod sees the volume: "/paperclip". */
  readonly mountPath: string;
  /** Folders relative to the volume's root that the pod may see; empty or left out: all of it. */
  readonly subPaths?: readonly string[];
  /** Those of `subPaths` that the agent's container may not write to. Default: none. */
  readonly readOnlySubPaths?: readonly string[];
}

/** Bounds of the phases of a run, in seconds. They add up to the Job's `activeDeadlineSeconds`, which is only a net. */
export interface RunBounds {
  readonly schedulingSec: number;
  readonly imagePullSec: number;
  readonly startSec: number;
  /** The run's own limit from the container's start; 0 means none (then no deadline is set). */
  readonly timeoutSec: number;
  /** From SIGTERM to SIGKILL of the agent CLI. */
  readonly graceSec: number;
  /**
   * How long the host may leave the lease file unrenewed before the pod ends the agent CLI. Left out
   * or 0: no lease.
   */
  readonly leaseSec?: number;
}

/** Everything that decides how one attempt of an agent run looks in Kubernetes. */
export interface AgentRunSpec {
  readonly identity: RunIdentity;
  readonly naming: RunNaming;
  readonly namespace: string;
  readonly image: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  readonly imagePullSecrets?: readonly string[];
  readonly serviceAccountName?: string;
  /** Whether the pod gets a token of its service account. Default false. */
  readonly automountServiceAccountToken?: boolean;

  /** The agent CLI and its arguments, each delivered unchanged. */
  readonly command: readonly [string, ...string[]];
  /** The agent CLI's working directory, as the pod sees it. */
  readonly workingDirectory: string;
  /** The agent CLI's standard input. */
  readonly prompt: string;
  /** Text files that only this run sees, by name: `<secretMountPath>/files/<name>`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Every variable of the agent CLI. All of them travel in the Secret. */
  readonly environment: Readonly<Record<string, string>>;

  readonly volume: SharedVolume;
  /** The run directory relative to the volume's root: "instances/default/run-logs/<company>/<agent>". */
  readonly runDirectory: string;
  /** Where the run's Secret is mounted. Default "/run/paperclip". */
  readonly secretMountPath?: string;
  /** Where the pod's scratch emptyDir is mounted. Default "/tmp". */
  readonly tmpMountPath?: string;

  /** The user and group the pod runs as; never 0. */
  readonly user: { readonly uid: number; readonly gid: number };
  readonly readOnlyRootFilesystem?: boolean;
  readonly bounds: RunBounds;
  /** Seconds that a finished Job stays for whoever looks; null: for ever (a retained Job). */
  readonly ttlSecondsAfterFinished: number | null;

  readonly resources?: V1ResourceRequirements;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly V1Toleration[];
  readonly affinity?: V1Affinity;
  readonly priorityClassName?: string;
  readonly runtimeClassName?: string;
  readonly dnsConfig?: V1PodDNSConfig;
  /** More volumes and where they are mounted; they may not touch the names and paths above. */
  readonly extraVolumes?: readonly V1Volume[];
  readonly extraVolumeMounts?: readonly V1VolumeMount[];
  /** A user's labels and annotations; reserved names are refused. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** A pod template that is added to the run's own; what belongs to the run is refused by name. */
  readonly podTemplate?: PodTemplatePatch;
  /** What `podTemplate` and `extraVolumes` may have beside Pod Security "restricted". Default: nothing. */
  readonly relaxSecurity?: readonly SecurityRelaxation[];
  /** Kueue's local queue; the resume step then sets the queue's label instead of resuming. */
  readonly kueueQueue?: string;
}
