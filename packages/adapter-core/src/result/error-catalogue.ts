import type { OutcomeKind } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionErrorFamily } from "@paperclipai/adapter-utils/types";

/** What the host may do by itself about a run that ended with a code: the most that any result of that code allows. */
export type HostRetry =
  /** Start it again, but only where the result shows that the agent was not started (`executionRecovery`). */
  | "if_unstarted"
  /** Wait and start it again, where the result names the family. */
  | "after_wait"
  /** Go on with the task in another run, which it decides by the code. */
  | "continues"
  /** Nothing: the agent has worked, or somebody has to repair something first. */
  | "no";

/** What an error code means to the people who read it. */
export interface ErrorEntry {
  /** What happened. */
  readonly meaning: string;
  /** What it usually comes from. */
  readonly cause: string;
  /** What to do about it. */
  readonly remedy: string;
  /** What kind of trouble the host is told; null where there is no name for it. */
  readonly family: AdapterExecutionErrorFamily | null;
  readonly retry: HostRetry;
}

/** Every error code of the core. An agent's own codes stand beside these. */
export const errorCatalogue = {
  configuration_incomplete: {
    meaning: "The config lacks something, or a value cannot be used.",
    cause:
      "A field is missing or misspelt, the host's own pod does not say what the config leaves open, or a value is too large for a pod.",
    remedy: "Correct the named fields in the agent's config.",
    family: null,
    retry: "if_unstarted",
  },
  cancelled: {
    meaning: "The run was cancelled.",
    cause: "Somebody cancelled the run, paused the agent, or a budget was used up.",
    remedy: "Nothing is left to do: the agent has been ended.",
    family: null,
    retry: "no",
  },
  timeout: {
    meaning: "The run reached timeoutSec.",
    cause: "The task takes longer than the limit, or the agent hangs in a tool.",
    remedy: "Raise timeoutSec, or give the agent a smaller task. Its session is kept.",
    family: null,
    retry: "no",
  },
  k8s_concurrent_run_blocked: {
    meaning: "Another run of the same agent (or task) was live for longer than busyWaitSec.",
    cause:
      "A long run of the agent, an orphan that still works, or another Paperclip host that follows the same run.",
    remedy: "Wait for it, cancel it, raise busyWaitSec, or set concurrency to task or unlimited.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_concurrency_guard_unreachable: {
    meaning:
      "The API server could not say whether another run of the agent is live, so the run was not started.",
    cause: "The API server is away or overloaded, or its answer was cut off.",
    remedy: "Check the API server and the host's right to list Jobs.",
    family: "transient_upstream",
    retry: "after_wait",
  },
  k8s_job_create_failed: {
    meaning: "The API server did not take the Job, its Secret or its resumption.",
    cause: "The API server is away or overloaded, its credentials have expired, or it finds the Job invalid.",
    remedy: "Read the API server's words in the message; where it did not answer, check that it is up.",
    family: "transient_upstream",
    retry: "after_wait",
  },
  k8s_forbidden: {
    meaning: "The host's service account may not do what a run needs.",
    cause: "The Role or RoleBinding is missing, is in another namespace, or the host's token has expired.",
    remedy:
      "Give it the Role of the installation guide in the runs' namespace; where it is Unauthorized, renew its token.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_quota_exceeded: {
    meaning: "A ResourceQuota leaves no room for the run.",
    cause: "Requests, limits or the number of Jobs and pods in the namespace are used up.",
    remedy: "Raise the quota, lower the run's resources, or let fewer agents run at a time.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_admission_denied: {
    meaning: "An admission rule (Pod Security, LimitRange, a webhook) refuses the Job or its pod.",
    cause:
      "The image's registry, a missing limit, a label or the pod's security settings are against a rule of the cluster.",
    remedy: "Change the config as the message says, or the rule.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_pod_schedule_failed: {
    meaning: "No node took the pod within the bound.",
    cause: "The nodes are full, or none has the labels, taints or volume zone that the pod asks for.",
    remedy:
      "Make room, or correct resources, nodeSelector, tolerations or affinity; bounds.schedulingSec is the limit.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_image_pull_failed: {
    meaning: "The image could not be pulled.",
    cause:
      "A wrong name or tag, a missing or wrong pull secret, the registry's rate limit, or a slow network.",
    remedy:
      "Check image, imagePullSecrets and the registry; bounds.imagePullSec is the limit of a slow pull.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_volume_mount_failed: {
    meaning: "A volume of the pod could not be used.",
    cause:
      "The claim is missing, not bound, ReadWriteOnce and in use on another node, or its storage is away.",
    remedy: "Check that volumeClaim names a claim in the runs' namespace that is bound and ReadWriteMany.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_pod_log_file_missing: {
    meaning: "The container ran and nothing of it appeared in the run directory that the host sees.",
    cause: "Host and pod have mounted two different volumes, or another part of the same one.",
    remedy: "Check that volumeClaim is the very volume that the host has at volumeHostPath.",
    family: null,
    retry: "no",
  },
  k8s_config_error: {
    meaning: "The pod's configuration names something that does not exist.",
    cause: "A Secret, a ConfigMap, a key in it, or the namespace is not there.",
    remedy: "Create what the message names, or correct the field.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_init_failed: {
    meaning: "An init container that the cluster added to the pod failed.",
    cause: "A mesh, a vault or a policy has injected the container, and it cannot do its work.",
    remedy: "Look at that container's log; the agent was not started.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_start_failed: {
    meaning: "The container, or the agent CLI in it, could not be started.",
    cause:
      "The image has no shell or no agent CLI, it is for another processor, or the folders belong to another user.",
    remedy:
      "Check that the image has a POSIX shell and the agent CLI, and that the pod's user may write the run directory.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_disk_full: {
    meaning: "The shared volume is full.",
    cause: "Workspaces, sessions or logs have filled the claim, or a quota of the file server.",
    remedy: "Free space on the volume. What was written before has been delivered.",
    family: null,
    retry: "no",
  },
  k8s_lease_expired: {
    meaning: "The pod ended the agent since the host had not renewed its lease.",
    cause: "Paperclip was stopped, or its volume was away, for longer than leaseSec.",
    remedy: "Check why the host was away.",
    family: null,
    retry: "no",
  },
  k8s_oom_killed: {
    meaning: "The agent ran out of memory.",
    cause: "The limit is too low for what the agent and its tools do, a build for instance.",
    remedy: "Raise resources.limits.memory.",
    family: null,
    retry: "no",
  },
  k8s_evicted: {
    meaning: "The node evicted the pod, as it was short of a resource.",
    cause: "Memory or disk of the node ran short, and the pod used more than it had requested.",
    remedy: "Set requests for what the agent needs (memory, ephemeral-storage), or use larger nodes.",
    family: null,
    retry: "no",
  },
  k8s_disrupted: {
    meaning: "Kubernetes took the pod away: a drain or a preemption.",
    cause:
      "A node was drained for maintenance or by an autoscaler, or a pod of higher priority took its place.",
    remedy: "Start the run again; a priority class and a PodDisruptionBudget make this rarer.",
    family: null,
    retry: "no",
  },
  k8s_node_lost: {
    meaning: "The pod's node is gone or does not answer.",
    cause: "The machine, its kubelet or its network failed, or a spot instance was taken back.",
    remedy: "Check the node. Whether the agent still works there cannot be confirmed until it is back.",
    family: null,
    retry: "no",
  },
  k8s_deadline_exceeded: {
    meaning: "Kubernetes ended the Job at activeDeadlineSeconds, the net below timeoutSec.",
    cause: "The host was away when the run reached its own limit, or the pod waited very long.",
    remedy: "Raise timeoutSec. Waiting for a node and for the image counts here.",
    family: null,
    retry: "no",
  },
  k8s_job_deleted_externally: {
    meaning: "Somebody or something deleted the Job while the agent worked.",
    cause: "kubectl, a clean-up tool, the removal of the namespace, or a force-deleted pod.",
    remedy: "Find out who (kubectl, a clean-up tool, a TTL); the audit log names them.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_job_state_mismatch: {
    meaning: "What Kubernetes says of the Job contradicts what the pod left.",
    cause: "A controller or a policy of the cluster changes Jobs, or a label was edited by hand.",
    remedy: "Look at the Job's conditions in the message.",
    family: null,
    retry: "if_unstarted",
  },
  k8s_log_incomplete: {
    meaning: "Fewer bytes of output arrived than the agent CLI wrote.",
    cause:
      "A network file system that shows new bytes late, a volume that was remounted, or a file that was cut by hand.",
    remedy: "Check the shared volume's mount options (attribute caching) and its free space.",
    family: null,
    retry: "no",
  },
  agent_failed: {
    meaning: "The agent CLI ended with an exit code other than 0.",
    cause: "The agent CLI does not say in its output what went wrong.",
    remedy: "Read the end of its stderr in the message.",
    family: null,
    retry: "no",
  },
} as const satisfies Record<string, ErrorEntry>;

/** An error code of the core. */
export type ErrorCode = keyof typeof errorCatalogue;

/** The code of each outcome that is an error of its own; `null` where the agent decides. */
export const codeOfOutcome: Readonly<Record<OutcomeKind["kind"], ErrorCode | null>> = {
  succeeded: null,
  failed: null,
  oom_killed: "k8s_oom_killed",
  timed_out: "timeout",
  deadline_exceeded: "k8s_deadline_exceeded",
  cancelled: "cancelled",
  deleted_externally: "k8s_job_deleted_externally",
  evicted: "k8s_evicted",
  disrupted: "k8s_disrupted",
  node_lost: "k8s_node_lost",
  image_pull_failed: "k8s_image_pull_failed",
  unschedulable: "k8s_pod_schedule_failed",
  volume_mount_failed: "k8s_volume_mount_failed",
  volume_mismatch: "k8s_pod_log_file_missing",
  config_error: "k8s_config_error",
  init_failed: "k8s_init_failed",
  start_failed: "k8s_start_failed",
  disk_full: "k8s_disk_full",
  lease_expired: "k8s_lease_expired",
  quota_exceeded: "k8s_quota_exceeded",
  forbidden: "k8s_forbidden",
  admission_denied: "k8s_admission_denied",
  create_failed: "k8s_job_create_failed",
  state_mismatch: "k8s_job_state_mismatch",
  blocked: "k8s_concurrent_run_blocked",
  guard_unreachable: "k8s_concurrency_guard_unreachable",
};
