import type { CoreConfig } from "../config/core-config.ts";
import { firstText, recordOf } from "./context-values.ts";
import { mapPath, onVolume, type SharedPath } from "./map-path.ts";
import { segment } from "./segment.ts";

type FolderConfig = Pick<CoreConfig, "instance" | "volumeHostPath" | "volumeMountPath">;

/** Where the agent CLI works, and why there. */
export interface WorkingDirectory extends SharedPath {
  readonly source: "workspace" | "config" | "fallback";
  /** For the run's log, where a folder that was asked for is not on the volume; else null. */
  readonly note: string | null;
}

/** What decides the working directory. */
export interface WorkingDirectoryOptions {
  readonly config: FolderConfig & Pick<CoreConfig, "cwd">;
  /** `ctx.context`. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly agentId: string;
}

/**
 * The run's workspace, else the configured folder, else a folder of the agent's own; the configured folder wins over
 * a workspace that is only the agent's home, as with the host's own adapters. The same run of a task gets the same
 * folder always: sessions are kept by it. A folder that is not on the volume counts as none, with a note.
 */
export function workingDirectory({ config, context, agentId }: WorkingDirectoryOptions): WorkingDirectory {
  const workspace = recordOf(context["paperclipWorkspace"]);
  const asked = firstText(workspace["cwd"]);
  const configured = config.cwd ?? null;
  const isHomeOnly = workspace["source"] === "agent_home" && configured !== null;
  const candidates = [
    { source: "workspace", hostPath: isHomeOnly ? null : asked },
    { source: "config", hostPath: configured },
  ] as const;
  const outside: string[] = [];
  for (const { source, hostPath } of candidates) {
    const podPath = hostPath === null ? null : mapPath({ ...config, hostPath });
    if (hostPath !== null && podPath !== null)
      return { source, hostPath, podPath, note: noteOf(outside, podPath) };
    if (hostPath !== null) outside.push(hostPath);
  }
  const fallback = onVolume(config, "instances", config.instance, "workspaces", segment(agentId));
  return { source: "fallback", ...fallback, note: noteOf(outside, fallback.podPath) };
}

/** What decides the home. */
export interface HomeDirectoryOptions {
  readonly config: FolderConfig & Pick<CoreConfig, "home" | "subPathIsolation">;
  readonly companyId: string;
  readonly agentId: string;
}

/** `HOME` of the agent CLI: the volume's root, or a folder of the agent's own, which sub-path isolation implies. */
export function homeDirectory(options: HomeDirectoryOptions): SharedPath {
  const { config } = options;
  if (config.home === "shared" && !config.subPathIsolation) return onVolume(config);
  return agentDirectory({ ...options, name: "home" });
}

/** A folder of the agent's own. */
export function agentDirectory({
  config,
  companyId,
  agentId,
  name,
}: {
  readonly config: FolderConfig;
  readonly companyId: string;
  readonly agentId: string;
  readonly name: string;
}): SharedPath {
  const agent = ["companies", segment(companyId), "agents", segment(agentId)];
  return onVolume(config, "instances", config.instance, ...agent, name);
}

function noteOf(outside: readonly string[], podPath: string): string | null {
  if (outside.length === 0) return null;
  return `${outside.join(" and ")} is not on the shared volume; the agent works in ${podPath}.`;
}
