import { describe, expect, it } from "vitest";
import { runEnvironment } from "../../src/environment/run-environment.ts";

function merge(parts: Partial<Parameters<typeof runEnvironment>[0]>) {
  return runEnvironment({
    inherited: {},
    config: {},
    paperclip: {},
    agent: {},
    workspaceHostPath: null,
    workingDirectory: "/paperclip/work",
    home: "/paperclip",
    tmpPath: "/tmp",
    ...parts,
  });
}

describe("the variables of a run", () => {
  it("come from four sources, each winning over what is before it", () => {
    const merged = merge({
      inherited: { A: "inherited", B: "inherited", C: "inherited" },
      config: { B: "config", C: "config", D: "config" },
      agent: { C: "agent" },
    });
    expect(merged).toMatchObject({ A: "inherited", B: "config", C: "agent", D: "config" });
  });

  it("let the config override the API's address and no other variable of the run", () => {
    const merged = merge({
      paperclip: { PAPERCLIP_API_URL: "http://127.0.0.1:3100", PAPERCLIP_RUN_ID: "run" },
      config: { PAPERCLIP_API_URL: "http://paperclip.svc", PAPERCLIP_RUN_ID: "other", PAPERCLIP_OWN: "kept" },
    });
    expect(merged).toMatchObject({
      PAPERCLIP_API_URL: "http://paperclip.svc",
      PAPERCLIP_RUN_ID: "run",
      PAPERCLIP_OWN: "kept",
    });
  });

  it("never take the API key from the config", () => {
    expect(merge({ config: { PAPERCLIP_API_KEY: "stolen" } })).not.toHaveProperty("PAPERCLIP_API_KEY");
    expect(
      merge({ config: { PAPERCLIP_API_KEY: "x" }, paperclip: { PAPERCLIP_API_KEY: "run" } }),
    ).toMatchObject({
      PAPERCLIP_API_KEY: "run",
    });
  });

  it("name the pod's folders where the host named its own", () => {
    const merged = merge({
      config: {
        TMPDIR: "/host/tmp",
        PAPERCLIP_SCRATCH_DIR: "/host/scratch",
        GH_CONFIG_DIR: "/host/gh",
        PAPERCLIP_RUNNER_NETWORK_ROOTS: "[]",
        HOME: "/host/home",
        REPO_WORKSPACE_CWD: "/data/volume/work",
        OTHER_WORKSPACE_CWD: "/elsewhere",
      },
      workspaceHostPath: "/data/volume/work",
      tmpPath: "/scratch",
    });
    expect(merged).toMatchObject({
      TMPDIR: "/scratch",
      TMP: "/scratch",
      PAPERCLIP_SCRATCH_DIR: "/scratch",
      PAPERCLIP_RUN_SCRATCH_DIR: "/scratch",
      HOME: "/paperclip",
      REPO_WORKSPACE_CWD: "/paperclip/work",
      OTHER_WORKSPACE_CWD: "/elsewhere",
    });
    expect(merged).not.toHaveProperty("GH_CONFIG_DIR");
    expect(merged).not.toHaveProperty("PAPERCLIP_RUNNER_NETWORK_ROOTS");
  });
});
