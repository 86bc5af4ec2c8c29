import {
  isForbiddenConfigEnvKey,
  isPaperclipRuntimeEnvKey,
  rewriteWorkspaceCwdEnvVarsForExecution,
} from "@paperclipai/adapter-utils/server-utils";
import { isHostOnly, scratchNames } from "./host-only-names.ts";

/** The sources of an agent's variables, weakest first. */
export interface RunEnvironmentOptions {
  /** From `inheritedEnvironment()`. */
  readonly inherited: Readonly<Record<string, string>>;
  /** The config's `env`. */
  readonly config: Readonly<Record<string, string>>;
  /** From `paperclipEnvironment()`. */
  readonly paperclip: Readonly<Record<string, string>>;
  /** The definition's own, which win over the config. */
  readonly agent: Readonly<Record<string, string>>;
  /** The workspace as the host named it (`ctx.context.paperclipWorkspace.cwd`); null where there is none. */
  readonly workspaceHostPath: string | null;
  /** The pod's working directory: the config's `*_WORKSPACE_CWD` variables of that workspace name it instead. */
  readonly workingDirectory: string;
  /** The pod's home and scratch folder. */
  readonly home: string;
  readonly tmpPath: string;
}

/** Of the run's own variables the config may override this one: the host often knows only a loopback address. */
const overridable = "PAPERCLIP_API_URL";

/**
 * All variables of the agent CLI: inherited, then the config's, then the run's own, then the forced ones, each
 * winning over what is before it. The config never sets `PAPERCLIP_API_KEY`, nor a folder of the host's machine.
 */
export function runEnvironment(options: RunEnvironmentOptions): Readonly<Record<string, string>> {
  const { inherited, paperclip, agent, home, tmpPath } = options;
  const configured = rewriteWorkspaceCwdEnvVarsForExecution({
    env: options.config,
    workspaceCwd: options.workspaceHostPath,
    executionCwd: options.workingDirectory,
    executionTargetIsRemote: true,
  });
  const config = Object.fromEntries(
    Object.entries(configured).filter(([name]) => mayConfigSet(name, paperclip)),
  );
  const { [overridable]: apiUrl, ...run } = paperclip;
  return {
    ...inherited,
    ...(apiUrl === undefined ? {} : { [overridable]: apiUrl }),
    ...config,
    ...run,
    ...agent,
    ...Object.fromEntries(scratchNames.map((name) => [name, tmpPath])),
    HOME: home,
  };
}

function mayConfigSet(name: string, paperclip: Readonly<Record<string, string>>): boolean {
  if (isForbiddenConfigEnvKey(name) || isHostOnly(name)) return false;
  if (name === overridable) return true;
  return !(isPaperclipRuntimeEnvKey(name) && Object.hasOwn(paperclip, name));
}
