export type { AgentRunSpec, RunBounds, RunIdentity, RunNaming, SharedVolume } from "./agent-run-spec.ts";
export { buildJob, DEADLINE_MARGIN_SEC } from "./build-job.ts";
export { buildSecret, type SecretOwner } from "./build-secret.ts";
export { JobManifestError, type JobManifestErrorCode } from "./error.ts";
export { instanceId } from "./identity/instance-id.ts";
export { jobName } from "./identity/job-name.ts";
export { labelValue } from "./identity/label-value.ts";
export {
  COMPONENT,
  COMPONENT_LABEL,
  MANAGED_BY_LABEL,
  PROTOCOL,
  runAnnotations,
  runLabels,
} from "./identity/labels.ts";
export { type JobRun, readRun } from "./identity/read-run.ts";
export { sameRun } from "./identity/same-run.ts";
export { instanceSelector, type RunSelectorOptions, runSelector } from "./identity/selectors.ts";
export { CONTAINER_NAME } from "./pod/container-name.ts";
export { RECORD_MARGIN_SEC } from "./pod/pod-spec.ts";
export {
  type ContainerPatch,
  type PodTemplatePatch,
  SECURITY_RELAXATIONS,
  type SecurityRelaxation,
} from "./pod-template/pod-template-patch.ts";
export { KUEUE_QUEUE_LABEL, type ResumePatch, resumePatch } from "./resume-patch.ts";
export {
  EXIT_RECORD_BYTES,
  type ExitRecord,
  emptyExitRecord,
  parseExitRecord,
  type RunFailure,
} from "./run-files/exit-record.ts";
export {
  PROMPT_MAX_BYTES,
  type PromptPlacement,
  promptPlacement,
  SECRET_MAX_BYTES,
} from "./run-files/prompt-placement.ts";
export {
  buildPodLogPath,
  DEFAULT_HOME,
  DEFAULT_INSTANCE,
  type RunFiles,
  runDirectory,
  runFiles,
} from "./run-files/run-directory.ts";
export { parseTerminationMessage, type TerminationMessage } from "./run-files/termination-message.ts";
export { agentRunScript } from "./script/agent-run.ts";
export { JOB_MAX_BYTES } from "./validate/size.ts";
export { validateRunSpec } from "./validate/validate-run-spec.ts";
