import {
  applyPaperclipWorkspaceEnv,
  buildPaperclipEnv,
  buildRuntimeToolsEnv,
  readPaperclipIssueWorkModeFromContext,
  stringifyPaperclipWakePayload,
} from "@paperclipai/adapter-utils/server-utils";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils/types";
import { firstText, objectsOf, recordOf, textsOf } from "./context-values.ts";
import { canBeExecuted } from "./exec-limit.ts";
import { mapPath, type SharedPath, type VolumeViews } from "./map-path.ts";

/** What the run's own variables are made of. */
export interface PaperclipEnvironmentOptions {
  readonly ctx: Pick<AdapterExecutionContext, "runId" | "context" | "authToken" | "runtimeTools"> & {
    readonly agent: { readonly id: string; readonly companyId: string };
  };
  readonly volume: VolumeViews;
  readonly workingDirectory: SharedPath;
}

/** The run's own variables, and what people should know about them. */
export interface PaperclipEnvironment {
  readonly environment: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/**
 * The `PAPERCLIP_*` variables of a run, as the host's own adapters set them, with every path as the pod sees it. The
 * host's helper reads the API's address from `process.env` at the time of the call.
 */
export function paperclipEnvironment(options: PaperclipEnvironmentOptions): PaperclipEnvironment {
  const { ctx } = options;
  const notes: string[] = [];
  const environment: Record<string, string> = {
    ...buildPaperclipEnv(ctx.agent),
    ...buildRuntimeToolsEnv(ctx.runtimeTools),
    PAPERCLIP_RUN_ID: ctx.runId,
    ...taskVariables(ctx.context),
    ...workspaceVariables(options),
  };
  if (ctx.authToken !== undefined && ctx.authToken !== "") environment["PAPERCLIP_API_KEY"] = ctx.authToken;
  const wake = stringifyPaperclipWakePayload(ctx.context["paperclipWake"]);
  if (wake !== null && canBeExecuted("PAPERCLIP_WAKE_PAYLOAD_JSON", wake)) {
    environment["PAPERCLIP_WAKE_PAYLOAD_JSON"] = wake;
  } else if (wake !== null) {
    const bytes = Buffer.byteLength(wake);
    notes.push(
      `PAPERCLIP_WAKE_PAYLOAD_JSON is left out: its ${bytes} bytes do not fit into one variable (128 KiB). The prompt and the API have its content.`,
    );
  }
  return { environment, notes };
}

function taskVariables(context: Readonly<Record<string, unknown>>): Record<string, string> {
  return withoutEmpty({
    PAPERCLIP_TASK_ID: firstText(context["taskId"], context["issueId"]),
    PAPERCLIP_ISSUE_WORK_MODE: readPaperclipIssueWorkModeFromContext(context),
    PAPERCLIP_WAKE_REASON: firstText(context["wakeReason"]),
    PAPERCLIP_WAKE_COMMENT_ID: firstText(context["wakeCommentId"], context["commentId"]),
    PAPERCLIP_APPROVAL_ID: firstText(context["approvalId"]),
    PAPERCLIP_APPROVAL_STATUS: firstText(context["approvalStatus"]),
    PAPERCLIP_LINKED_ISSUE_IDS: textsOf(context["issueIds"]).join(","),
    PAPERCLIP_RUNTIME_SERVICE_INTENTS_JSON: asJson(objectsOf(context["paperclipRuntimeServiceIntents"])),
    PAPERCLIP_RUNTIME_SERVICES_JSON: asJson(objectsOf(context["paperclipRuntimeServices"])),
    PAPERCLIP_RUNTIME_PRIMARY_URL: firstText(context["paperclipRuntimePrimaryUrl"]),
  });
}

function workspaceVariables({
  ctx,
  volume,
  workingDirectory,
}: PaperclipEnvironmentOptions): Record<string, string> {
  const workspace = recordOf(ctx.context["paperclipWorkspace"]);
  const inPod = (path: unknown): string | null =>
    typeof path === "string" && path !== "" ? mapPath({ ...volume, hostPath: path }) : null;
  const hints = objectsOf(ctx.context["paperclipWorkspaces"]).map((hint) => ({
    ...hint,
    // A path that the pod does not have would mislead the agent.
    ...("cwd" in hint ? { cwd: inPod(hint["cwd"]) ?? undefined } : {}),
    ...("worktreePath" in hint ? { worktreePath: inPod(hint["worktreePath"]) ?? undefined } : {}),
  }));
  const variables = applyPaperclipWorkspaceEnv(
    {},
    {
      workspaceCwd: workingDirectory.podPath,
      workspaceSource: firstText(workspace["source"]),
      workspaceStrategy: firstText(workspace["strategy"]),
      workspaceId: firstText(workspace["workspaceId"]),
      workspaceRepoUrl: firstText(workspace["repoUrl"]),
      workspaceRepoRef: firstText(workspace["repoRef"]),
      workspaceBranch: firstText(workspace["branchName"]),
      workspaceWorktreePath: inPod(workspace["worktreePath"]),
      agentHome: inPod(workspace["agentHome"]),
    },
  );
  return { ...variables, ...withoutEmpty({ PAPERCLIP_WORKSPACES_JSON: asJson(hints) }) };
}

function asJson(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list);
}

function withoutEmpty(variables: Readonly<Record<string, string | null>>): Record<string, string> {
  const set = Object.entries(variables).filter(([, value]) => value !== null && value !== "");
  return Object.fromEntries(set) as Record<string, string>;
}
