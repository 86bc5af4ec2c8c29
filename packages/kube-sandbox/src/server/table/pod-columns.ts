import type { ContainerState, Pod } from "../../resources/objects.ts";
import { isTerminal } from "../../resources/parts.ts";

function stateReason({ waiting, terminated }: ContainerState): string | undefined {
  if (terminated === undefined) return waiting?.reason;
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function initReason(pod: Pod): string | undefined {
  const statuses = pod.status.initContainerStatuses ?? [];
  const index = statuses.findIndex((status) => status.state.terminated?.exitCode !== 0);
  if (index < 0) return undefined;
  const { state } = statuses[index]!;
  const reason = stateReason(state);
  const named = reason !== undefined && reason !== "PodInitializing";
  return named ? `Init:${reason}` : `Init:${index}/${statuses.length}`;
}

/** What stands under STATUS: the word that tells most of a pod. */
export function podStatus(pod: Pod): string {
  const { phase, reason, conditions = [], containerStatuses = [] } = pod.status;
  if (pod.metadata.deletionTimestamp !== undefined && !isTerminal(pod)) return "Terminating";
  const init = initReason(pod);
  if (init !== undefined) return init;
  const told = [...containerStatuses].reverse().map(({ state }) => stateReason(state));
  const container = told.filter((one) => one !== undefined).at(-1);
  const running = containerStatuses.some(({ ready, state }) => ready && state.running !== undefined);
  if (container === "Completed" && running) return "Running";
  const gated = conditions.some((one) => one.type === "PodScheduled" && one.reason === "SchedulingGated");
  return container ?? (gated ? "SchedulingGated" : (reason ?? phase));
}

/** `1/2`: how many of a pod's containers are ready. */
export function podReady(pod: Pod): string {
  const ready = (pod.status.containerStatuses ?? []).filter((one) => one.ready && one.state.running);
  return `${ready.length}/${pod.spec.containers.length}`;
}
