import type { OutcomeKind } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionErrorFamily } from "@paperclipai/adapter-utils/types";

/** What an error code means to the people who read it. */
export interface ErrorEntry {
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
  /** What kind of trouble the host may wait out; null: waiting does not help. */
  readonly family: AdapterExecutionErrorFamily | null;
}

/** Every error code of the core. An agent's own codes stand beside these. */
export const errorCatalogue = {
  configuration_incomplete: {
    meaning: "The config lacks something, or a value cannot be used.",
    remedy: "Correct the named fields in the agent's config.",
    family: null,
  },
  cancelled: {
    meaning: "The run was cancelled.",
    remedy: "Nothing is left to do: the agent has been ended.",
    family: null,
  },
  timeout: {
    meaning: "The run reached timeoutSec.",
    remedy: "Raise timeoutSec, or give the agent a smaller task. Its session is kept.",
    family: null,
  },
  k8s_concurrent_run_blocked: {
    meaning: "Another run of the same agent (or task) was live for longer than busyWaitSec.",
    remedy: "Wait for it, cancel it, raise busyWaitSec, or set concurrency to task or unlimited.",
    family: null,
  },
  k8s_concurrency_guard_unreachable: {
    meaning:
      "The API server could not say whether another run of the agent is live, so the run was not started.",
    remedy: "Check the API server and the host's right to list Jobs.",
    family: "transient_upstream",
  },
  k8s_job_create_failed: {
    meaning: "The API server did not take the Job, its Secret or its resumption.",
    remedy: "Read the API server's words in the message; where it did not answer, check that it is up.",
    family: "transient_upstream",
  },
  k8s_forbidden: {
    meaning: "The host's service account may not do what a run needs.",
    remedy: "Give it the Role of the installation guide in the runs' namespace.",
    family: null,
  },
  k8s_quota_exceeded: {
    meaning: "A ResourceQuota leaves no room for the run.",
    remedy: "Raise the quota, lower the run's resources, or let fewer agents run at a time.",
    family: null,
  },
  k8s_admission_denied: {
    meaning: "An admission rule (Pod Security, LimitRange, a webhook) refuses the Job or its pod.",
    remedy: "Change the config as the message says, or the rule.",
    family: null,
  },
  k8s_pod_schedule_failed: {
    meaning: "No node took the pod within the bound.",
    remedy:
      "Make room, or correct resources, nodeSelector, tolerations or affinity; bounds.schedulingSec is the limit.",
    family: null,
  },
  k8s_image_pull_failed: {
    meaning: "The image could not be pulled.",
    remedy:
      "Check image, imagePullSecrets and the registry; bounds.imagePullSec is the limit of a slow pull.",
    family: null,
  },
  k8s_volume_mount_failed: {
    meaning: "A volume of the pod could not be used.",
    remedy: "Check that volumeClaim names a claim in the runs' namespace that is bound and ReadWriteMany.",
    family: null,
  },
  k8s_pod_log_file_missing: {
    meaning: "The container ran and nothing of it appeared in the run directory that the host sees.",
    remedy: "Check that volumeClaim is the very volume that the host has at volumeHostPath.",
    family: null,
  },
  k8s_config_error: {
    meaning: "The pod's configuration names something that does not exist.",
    remedy: "Create what the message names, or correct the field.",
    family: null,
  },
  k8s_init_failed: {
    meaning: "An init container that the cluster added to the pod failed.",
    remedy: "Look at that container's log; the agent was not started.",
    family: null,
  },
  k8s_start_failed: {
    meaning: "The container, or the agent CLI in it, could not be started.",
    remedy:
      "Check that the image has a POSIX shell and the agent CLI, and that the pod's user may write the run directory.",
    family: null,
  },
  k8s_disk_full: {
    meaning: "The shared volume is full.",
    remedy: "Free space on the volume. What was written before has been delivered.",
    family: null,
  },
  k8s_lease_expired: {
    meaning: "The pod ended the agent since the host had not renewed its lease.",
    remedy: "Check why the host was away.",
    family: null,
  },
  k8s_oom_killed: {
    meaning: "The agent ran out of memory.",
    remedy: "Raise resources.limits.memory.",
    family: null,
  },
  k8s_evicted: {
    meaning: "The node evicted the pod, as it was short of a resource.",
    remedy: "Set requests for what the agent needs (memory, ephemeral-storage), or use larger nodes.",
    family: null,
  },
  k8s_disrupted: {
    meaning: "Kubernetes took the pod away: a drain or a preemption.",
    remedy: "Start the run again; a priority class and a PodDisruptionBudget make this rarer.",
    family: null,
  },
  k8s_node_lost: {
    meaning: "The pod's node is gone or does not answer.",
    remedy: "Check the node. Whether the agent still works there cannot be confirmed until it is back.",
    family: null,
  },
  k8s_deadline_exceeded: {
    meaning: "Kubernetes ended the Job at activeDeadlineSeconds, the net below timeoutSec.",
    remedy: "Raise timeoutSec. Waiting for a node and for the image counts here.",
    family: null,
  },
  k8s_job_deleted_externally: {
    meaning: "Somebody or something deleted the Job while the agent worked.",
    remedy: "Find out who (kubectl, a clean-up tool, a TTL); the audit log names them.",
    family: null,
  },
  k8s_job_state_mismatch: {
    meaning: "What Kubernetes says of the Job contradicts what the pod left.",
    remedy: "Look at the Job's conditions in the message.",
    family: null,
  },
  k8s_log_incomplete: {
    meaning: "Fewer bytes of output arrived than the agent CLI wrote.",
    remedy: "Check the shared volume's mount options (attribute caching) and its free space.",
    family: null,
  },
  agent_failed: {
    meaning: "The agent CLI ended with an exit code other than 0.",
    remedy: "Read the end of its stderr in the message.",
    family: null,
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
