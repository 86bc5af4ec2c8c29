import { resolve } from "node:path";
import {
  type AgentRunSpec,
  promptPlacement,
  type RunIdentity,
  runDirectory,
  validateRunSpec,
} from "@paperclip-k8s/job-manifest";
import type { RunFiles } from "@paperclip-k8s/job-supervisor";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils/types";
import type { AgentDefinition, AgentRunInput } from "../agent-definition.ts";
import type { CoreConfig } from "../config/core-config.ts";
import { firstText, recordOf } from "../environment/context-values.ts";
import { inheritedEnvironment } from "../environment/inherited-environment.ts";
import { mapPath } from "../environment/map-path.ts";
import { paperclipEnvironment } from "../environment/paperclip-environment.ts";
import { runEnvironment } from "../environment/run-environment.ts";
import { agentDirectory, homeDirectory, type WorkingDirectory } from "../environment/run-folders.ts";
import type { Host } from "../host/host.ts";
import { mountPathOf, type Placement } from "../host/placement.ts";
import { buildPrompt } from "../prompt/build-prompt.ts";
import type { LeaseKeeper } from "../run-files/lease-keeper.ts";
import type { RecordObserver } from "../run-files/record-observer.ts";
import { hostRunFiles } from "../run-files/run-files.ts";
import type { RunSkills } from "../skills/skill-bundle.ts";
import { readInstructions } from "./read-instructions.ts";

/** One attempt of a run, ready to be launched. */
export interface DescribedRun {
  readonly spec: AgentRunSpec;
  readonly files: RunFiles;
  readonly input: AgentRunInput;
  /** The folders that the host makes for it, as the host sees them. */
  readonly folders: readonly string[];
  /** The prompt's size, for the host. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What people should know about this run's set-up. */
  readonly notes: readonly string[];
}

export interface DescribeOptions {
  readonly host: Host;
  readonly ctx: AdapterExecutionContext;
  readonly definition: AgentDefinition;
  readonly config: CoreConfig;
  readonly placement: Placement;
  readonly observer: RecordObserver;
  readonly leases: LeaseKeeper;
  readonly workingDirectory: WorkingDirectory;
  readonly skills: RunSkills;
  readonly sessionId: string | null;
  readonly attempt: number;
}

/**
 * From config, context and placement to the one description that Job, Secret and run files are made of.
 *
 * @throws JobManifestError for what no pod could be given (a value too large, an id that is no path)
 */
export async function describeRun(options: DescribeOptions): Promise<DescribedRun> {
  const { host, ctx, definition, config, placement, workingDirectory, sessionId } = options;
  const { bundle } = options.skills;
  const identity = identityOf(options);
  const secretMountPath = mountPathOf(config.secretMountPath, placement.naming, identity);
  const tmpMountPath = mountPathOf(config.tmpMountPath, placement.naming, identity);
  const agent = { config, companyId: ctx.agent.companyId, agentId: ctx.agent.id };
  const { stateFolder } = definition;
  const state = stateFolder === undefined ? null : agentDirectory({ ...agent, name: stateFolder });
  const input: AgentRunInput = {
    config,
    runId: ctx.runId,
    sessionId,
    instructions: await readInstructions(config),
    filePath: (name) => `${secretMountPath}/files/${name}`,
    workingDirectory: workingDirectory.podPath,
    skillsDirectory: bundle?.folder.podPath ?? null,
    stateDirectory: state?.podPath ?? null,
    tmpDirectory: tmpMountPath,
  };
  const prompt = buildPrompt({
    runId: ctx.runId,
    agent: ctx.agent,
    context: ctx.context,
    config,
    resumed: sessionId !== null,
    preamble: definition.preamble?.(input) ?? null,
  });
  const home = homeDirectory(agent);
  const podFolders = [workingDirectory, home, ...(state === null ? [] : [state])];
  const variables = environmentOf({
    host,
    ctx,
    definition,
    config,
    workingDirectory,
    input,
    home: home.podPath,
    tmpMountPath,
  });
  const directory = runDirectory({
    instance: config.instance,
    companyId: ctx.agent.companyId,
    agentId: ctx.agent.id,
  });
  const readOnly = bundle ? [bundle.folder.podPath] : [];
  const spec: AgentRunSpec = {
    identity,
    ...podOf(config, placement),
    command: definition.commandLine(input),
    workingDirectory: workingDirectory.podPath,
    prompt: prompt.prompt,
    files: definition.files(input),
    environment: variables.environment,
    runDirectory: directory,
    secretMountPath,
    tmpMountPath,
    volume: {
      claimName: placement.claimName,
      mountPath: config.volumeMountPath,
      subPaths: subPathsOf(config, [directory, ...podFolders.map(({ podPath }) => podPath), ...readOnly]),
      readOnlySubPaths: subPathsOf(config, readOnly),
    },
  };
  validateRunSpec(spec);
  const placed = promptPlacement(spec);
  const files = hostRunFiles({
    volume: config.volumeHostPath,
    run: { runDirectory: directory, identity },
    owner: placement.owner,
    observer: options.observer,
    leases: options.leases,
    clock: host.clock,
    preparation: {
      skills: bundle,
      folders: podFolders.map(({ hostPath }) => hostPath),
      prompt: placed.kind === "file" ? prompt.prompt : null,
      lease: config.leaseSec > 0,
    },
  });
  const notes = [
    ...prompt.notes,
    ...options.skills.notes,
    ...variables.notes,
    ...(workingDirectory.note ? [workingDirectory.note] : []),
  ];
  const folders = [resolve(config.volumeHostPath, directory), ...podFolders.map(({ hostPath }) => hostPath)];
  return { spec, files, input, folders, metrics: prompt.metrics, notes };
}

/** The task of a run, by the names that the host's versions have for it; null for a plain heartbeat. */
export function taskOf(ctx: Pick<AdapterExecutionContext, "context" | "runtime">): string | null {
  return firstText(
    ctx.context["taskId"],
    ctx.context["issueId"],
    ctx.runtime.taskKey,
    ctx.context["taskKey"],
  );
}

function identityOf({ ctx, definition, sessionId, attempt }: DescribeOptions): RunIdentity {
  const { id: agentId, companyId } = ctx.agent;
  return {
    adapterType: definition.type,
    companyId,
    agentId,
    runId: ctx.runId,
    taskId: taskOf(ctx),
    sessionId,
    attempt,
  };
}

function environmentOf(options: {
  host: Host;
  ctx: AdapterExecutionContext;
  definition: AgentDefinition;
  config: CoreConfig;
  workingDirectory: WorkingDirectory;
  input: AgentRunInput;
  home: string;
  tmpMountPath: string;
}): { readonly environment: Readonly<Record<string, string>>; readonly notes: readonly string[] } {
  const { host, ctx, definition, config, workingDirectory, input, home, tmpMountPath } = options;
  const paperclip = paperclipEnvironment({ ctx, volume: config, workingDirectory });
  const inherited = inheritedEnvironment({
    hostEnvironment: host.environment,
    mode: config.inheritEnv,
    names: definition.inheritedEnvironment,
    configEnvironment: config.env,
  });
  const environment = runEnvironment({
    inherited,
    config: config.env,
    paperclip: paperclip.environment,
    agent: definition.environment(input),
    workspaceHostPath: firstText(recordOf(ctx.context["paperclipWorkspace"])["cwd"]),
    workingDirectory: workingDirectory.podPath,
    home,
    tmpPath: tmpMountPath,
  });
  return { environment, notes: paperclip.notes };
}

/** What config and placement say of the pod, beside its content. */
function podOf(config: CoreConfig, placement: Placement) {
  const { bounds, resources } = config;
  return {
    naming: placement.naming,
    namespace: placement.namespace,
    image: placement.image,
    imagePullPolicy: config.imagePullPolicy,
    imagePullSecrets: placement.imagePullSecrets,
    serviceAccountName: config.serviceAccountName,
    automountServiceAccountToken: config.automountServiceAccountToken,
    user: placement.user,
    readOnlyRootFilesystem: config.readOnlyRootFilesystem,
    bounds: {
      ...bounds,
      timeoutSec: config.timeoutSec,
      graceSec: config.graceSec,
      leaseSec: config.leaseSec,
    },
    ttlSecondsAfterFinished: config.retainJobs ? null : config.ttlSecondsAfterFinished,
    resources,
    nodeSelector: placement.nodeSelector,
    tolerations: placement.tolerations,
    affinity: config.affinity,
    priorityClassName: config.priorityClassName,
    runtimeClassName: config.runtimeClassName,
    dnsConfig: placement.dnsConfig,
    extraVolumes: config.extraVolumes,
    extraVolumeMounts: config.extraVolumeMounts,
    labels: config.labels,
    annotations: config.annotations,
    podTemplate: config.podTemplate,
    relaxSecurity: config.relaxSecurity,
    kueueQueue: config.kueueQueue,
  };
}

/** Relative to the volume's root; empty where the pod may see all of it. */
function subPathsOf(config: CoreConfig, paths: readonly string[]): readonly string[] {
  if (!config.subPathIsolation) return [];
  const views = { volumeHostPath: config.volumeMountPath, volumeMountPath: "/" };
  const relative = paths.map((path) =>
    path.startsWith("/") ? mapPath({ ...views, hostPath: path }) : `/${path}`,
  );
  return [...new Set(relative.flatMap((path) => (path && path !== "/" ? [path.slice(1)] : [])))];
}
