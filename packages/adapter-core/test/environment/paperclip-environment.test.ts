import { describe, expect, it } from "vitest";
import { canBeExecuted } from "../../src/environment/exec-limit.ts";
import { paperclipEnvironment } from "../../src/environment/paperclip-environment.ts";

const volume = { volumeHostPath: "/data/volume", volumeMountPath: "/paperclip" };
const workingDirectory = { hostPath: "/data/volume/work", podPath: "/paperclip/work" };

function variables(context: Record<string, unknown>, more: object = {}) {
  const ctx = { runId: "run-1", agent: { id: "agent-1", companyId: "company-1" }, context, ...more };
  return paperclipEnvironment({ ctx, volume, workingDirectory });
}

describe("the run's own variables", () => {
  it("name the run, its agent and where the API is", () => {
    const { environment } = variables({}, { authToken: "token" });
    expect(environment).toMatchObject({
      PAPERCLIP_RUN_ID: "run-1",
      PAPERCLIP_AGENT_ID: "agent-1",
      PAPERCLIP_COMPANY_ID: "company-1",
      PAPERCLIP_API_KEY: "token",
      PAPERCLIP_WORKSPACE_CWD: "/paperclip/work",
    });
    expect(environment["PAPERCLIP_API_URL"]).toMatch(/^http/);
    expect(variables({}).environment).not.toHaveProperty("PAPERCLIP_API_KEY");
  });

  it("tell why the agent was woken", () => {
    const { environment } = variables({
      issueId: "issue-1",
      wakeReason: "issue_assigned",
      commentId: "comment-1",
      approvalId: " approval-1 ",
      approvalStatus: "approved",
      issueIds: ["a", "", 3, "b"],
      paperclipIssue: { workMode: "plan" },
      paperclipWake: { reason: "issue_assigned", issue: { id: "issue-1", title: "T" } },
      paperclipRuntimePrimaryUrl: "http://app",
    });
    expect(environment).toMatchObject({
      PAPERCLIP_TASK_ID: "issue-1",
      PAPERCLIP_WAKE_REASON: "issue_assigned",
      PAPERCLIP_WAKE_COMMENT_ID: "comment-1",
      PAPERCLIP_APPROVAL_ID: "approval-1",
      PAPERCLIP_APPROVAL_STATUS: "approved",
      PAPERCLIP_LINKED_ISSUE_IDS: "a,b",
      PAPERCLIP_RUNTIME_PRIMARY_URL: "http://app",
    });
    expect(JSON.parse(environment["PAPERCLIP_WAKE_PAYLOAD_JSON"] ?? "")).toMatchObject({
      issue: { id: "issue-1" },
    });
  });

  it("K2: leave a wake payload out that no program could be started with, and say so", () => {
    const paperclipWake = { reason: "x", issue: { id: "issue-1", description: "ü".repeat(70_000) } };
    const { environment, notes } = variables({ paperclipWake });
    expect(environment).not.toHaveProperty("PAPERCLIP_WAKE_PAYLOAD_JSON");
    expect(notes).toEqual([expect.stringContaining("PAPERCLIP_WAKE_PAYLOAD_JSON is left out")]);
    expect(variables({ paperclipWake: { reason: "x" } }).notes).toEqual([]);
  });

  it("have every path as the pod sees it, and none that it does not see", () => {
    const { environment } = variables({
      paperclipWorkspace: {
        cwd: "/data/volume/work",
        source: "project",
        repoUrl: "https://example.com/r.git",
        branchName: "main",
        worktreePath: "/data/volume/tree",
        agentHome: "/root/agent",
      },
      paperclipWorkspaces: [
        { workspaceId: "w", cwd: "/data/volume/work" },
        { workspaceId: "x", cwd: "/root/x" },
      ],
    });
    expect(environment).toMatchObject({
      PAPERCLIP_WORKSPACE_SOURCE: "project",
      PAPERCLIP_WORKSPACE_REPO_URL: "https://example.com/r.git",
      PAPERCLIP_WORKSPACE_BRANCH: "main",
      PAPERCLIP_WORKSPACE_WORKTREE_PATH: "/paperclip/tree",
    });
    expect(environment).not.toHaveProperty("AGENT_HOME");
    expect(JSON.parse(environment["PAPERCLIP_WORKSPACES_JSON"] ?? "")).toEqual([
      { workspaceId: "w", cwd: "/paperclip/work" },
      { workspaceId: "x" },
    ]);
  });

  it("hold the run's control tools where the host offers them (H3)", () => {
    const runtimeTools = {
      version: 1,
      guidance: "g",
      mcpEndpoint: "http://mcp",
      rest: { connectionsSearch: "http://s", connectionRequest: "http://r" },
      bearerToken: "b",
      expiresAt: "e",
      tools: ["connections_search", "connection_request"],
    };
    expect(variables({}, { runtimeTools }).environment).toMatchObject({
      PAPERCLIP_RUNTIME_TOOLS_MCP_URL: "http://mcp",
    });
  });
});

it("counts a variable's name and its end into the kernel's limit", () => {
  expect(canBeExecuted("NAME", "x".repeat(128 * 1024 - 6))).toBe(true);
  expect(canBeExecuted("NAME", "x".repeat(128 * 1024 - 5))).toBe(false);
});
