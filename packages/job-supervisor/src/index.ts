export { knownByMark } from "./api/known-by-mark.ts";
export {
  createKubeApi,
  type JsonPatchOperation,
  type KubeApi,
  type KubeList,
  type Preconditions,
} from "./api/kube-api.ts";
export { isKubeApiError, isTransient, KubeApiError, type KubeApiErrorCode } from "./api/kube-api-error.ts";
export { createKubeTransport, type KubeRequest, type KubeTransport } from "./api/kube-transport.ts";
export type { SweepReason, SweptJob } from "./cleanup/sweep.ts";
export { type Clock, sleep, systemClock } from "./clock.ts";
export type { Liveness, RunProgress, SupervisedRun } from "./followed-run.ts";
export type { HostPresence } from "./host-presence.ts";
export type { Concurrency } from "./launch/guard.ts";
export { diagnose } from "./outcome/diagnose.ts";
export type { Facts, ObservedFiles, ObservedPod } from "./outcome/facts.ts";
export type {
  ImagePullCause,
  Outcome,
  OutcomeEvidence,
  OutcomeKind,
  PhaseBounds,
  RunPhase,
  Verdict,
  WriterState,
} from "./outcome/outcome.ts";
export { type Reflector, startReflector } from "./reflector/reflector.ts";
export type { Store, StoreChange } from "./reflector/store.ts";
export type { RunFiles, RunFilesOf } from "./run-files.ts";
export { createJobSupervisor, type JobSupervisor } from "./supervisor.ts";
export type { LaunchRequest, LaunchResult, SupervisorOptions } from "./supervisor-options.ts";
