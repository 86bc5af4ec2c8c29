import { describe, expect, it } from "vitest";
import { homeDirectory, workingDirectory } from "../../src/environment/run-folders.ts";

const config = {
  instance: "default",
  volumeHostPath: "/data/volume",
  volumeMountPath: "/paperclip",
  cwd: undefined,
  home: "shared",
  subPathIsolation: false,
} as const;

describe("the working directory", () => {
  it("is the run's workspace", () => {
    const context = { paperclipWorkspace: { cwd: "/data/volume/projects/a", source: "project" } };
    expect(
      workingDirectory({ config: { ...config, cwd: "/data/volume/b" }, context, agentId: "a1" }),
    ).toEqual({
      source: "workspace",
      hostPath: "/data/volume/projects/a",
      podPath: "/paperclip/projects/a",
      note: null,
    });
  });

  it("is the configured folder where the workspace is only the agent's home", () => {
    const context = { paperclipWorkspace: { cwd: "/data/volume/home", source: "agent_home" } };
    const decided = workingDirectory({
      config: { ...config, cwd: "/data/volume/b" },
      context,
      agentId: "a1",
    });
    expect(decided).toMatchObject({ source: "config", podPath: "/paperclip/b" });
    expect(workingDirectory({ config, context, agentId: "a1" })).toMatchObject({
      podPath: "/paperclip/home",
    });
  });

  it("falls back to a folder of the agent where the workspace is not on the volume, and says so", () => {
    const context = { paperclipWorkspace: { cwd: "/root/work", source: "project" } };
    expect(workingDirectory({ config, context, agentId: "a1" })).toEqual({
      source: "fallback",
      hostPath: "/data/volume/instances/default/workspaces/a1",
      podPath: "/paperclip/instances/default/workspaces/a1",
      note: "/root/work is not on the shared volume; the agent works in /paperclip/instances/default/workspaces/a1.",
    });
  });

  it("needs no note where nothing was asked for", () => {
    expect(workingDirectory({ config, context: {}, agentId: "a1" })).toMatchObject({
      source: "fallback",
      note: null,
    });
  });

  it.each(["../../x", "a/b", "%2e%2e", "a\nb", "a\0b", "..", ""])(
    "K5: stays on the volume for the id %j",
    (agentId) => {
      const { podPath } = workingDirectory({ config, context: {}, agentId });
      expect(podPath).toMatch(/^\/paperclip\/instances\/default\/workspaces\/id-[0-9a-f]{32}$/);
    },
  );
});

describe("the home", () => {
  const ids = { companyId: "c1", agentId: "a1" };

  it("is the volume's root by default", () => {
    expect(homeDirectory({ config, ...ids })).toEqual({ hostPath: "/data/volume", podPath: "/paperclip" });
  });

  it("is the agent's own where the config says so, or with sub-path isolation (K9)", () => {
    const own = "instances/default/companies/c1/agents/a1/home";
    const expected = { hostPath: `/data/volume/${own}`, podPath: `/paperclip/${own}` };
    expect(homeDirectory({ config: { ...config, home: "agent" }, ...ids })).toEqual(expected);
    expect(homeDirectory({ config: { ...config, subPathIsolation: true }, ...ids })).toEqual(expected);
  });
});
