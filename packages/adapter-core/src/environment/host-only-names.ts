/** Scratch folders that the host puts into `config.env`: the pod has one of its own for all of them. */
export const scratchNames: readonly string[] = [
  "TMPDIR",
  "TMP",
  "TEMP",
  "PAPERCLIP_SCRATCH_DIR",
  "PAPERCLIP_RUN_SCRATCH_DIR",
  "PAPERCLIP_TASK_SCRATCH_DIR",
  "PAPERCLIP_TMPDIR",
];

/** What the host puts into `config.env` for processes of its own machine. */
const hostOnly: readonly string[] = [
  ...scratchNames,
  "GH_CONFIG_DIR",
  "PAPERCLIP_GITHUB_HOST_HOME",
  "PAPERCLIP_GITHUB_AUTH_MODE",
  "PAPERCLIP_GIT_METADATA_ROOTS",
];

/** Whether a variable of the config means something on the host only. */
export function isHostOnly(name: string): boolean {
  return hostOnly.includes(name) || name.startsWith("PAPERCLIP_RUNNER_NETWORK_");
}
