import { describe, expect, it } from "vitest";
import { coreFields } from "../../src/config/core-config.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { fc } from "../support/property.ts";
import { sample } from "./sample-definition.ts";

function read(raw: unknown) {
  const parsed = parseConfig(sample, raw);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.config;
}

function problems(raw: unknown) {
  const parsed = parseConfig(sample, raw);
  return parsed.ok ? [] : parsed.problems;
}

describe("H2: config as the form sends it", () => {
  it("has every default when nothing is set", () => {
    const config = read({});
    expect(config).toMatchObject({
      instance: "default",
      volumeHostPath: "/paperclip",
      volumeMountPath: "/paperclip",
      secretMountPath: "/run/paperclip",
      tmpMountPath: "/tmp",
      timeoutSec: 0,
      graceSec: 30,
      busyWaitSec: 300,
      orphanMaxAgeSec: 86_400,
      ttlSecondsAfterFinished: 300,
      keepAliveSec: 60,
      concurrency: "agent",
      inheritEnv: "providers",
      home: "shared",
      reattachOrphanedJobs: true,
      retainJobs: false,
      bounds: { schedulingSec: 300, imagePullSec: 900, startSec: 120, cleanupSec: 60 },
      resources: { requests: {}, limits: {} },
      env: {},
      extraArgs: [],
    });
    expect([config.namespace, config.image, config.model]).toEqual([undefined, undefined, undefined]);
  });

  it("reads numbers and switches as text", () => {
    const config = read({
      timeoutSec: " 90 ",
      graceSec: "10",
      retainJobs: "true",
      reattachOrphanedJobs: "0",
    });
    expect(config).toMatchObject({
      timeoutSec: 90,
      graceSec: 10,
      retainJobs: true,
      reattachOrphanedJobs: false,
    });
  });

  it("takes empty texts and nulls for unset", () => {
    const config = read({ timeoutSec: "", image: "  ", namespace: null, "resources.limits.cpu": "" });
    expect(config).toMatchObject({ timeoutSec: 0, resources: { requests: {}, limits: {} } });
    expect([config.image, config.namespace]).toEqual([undefined, undefined]);
  });

  it("reads JSON as text", () => {
    const config = read({
      tolerations: '[{"key":"agents","operator":"Exists"}]',
      nodeSelector: '{"disktype":"ssd"}',
      resources: '{"requests":{"cpu":1,"nvidia.com/gpu":"1"}}',
    });
    expect(config.tolerations).toEqual([{ key: "agents", operator: "Exists" }]);
    expect(config.nodeSelector).toEqual({ disktype: "ssd" });
    expect(config.resources).toEqual({ requests: { cpu: "1", "nvidia.com/gpu": "1" }, limits: {} });
  });

  it("reads lines of name=value", () => {
    expect(read({ nodeSelector: "disktype=ssd\n\n# spot\nexample.com/pool = agents" }).nodeSelector).toEqual({
      disktype: "ssd",
      "example.com/pool": "agents",
    });
    expect(read({ env: "A=1\nB=x=y" }).env).toEqual({ A: "1", B: "x=y" });
  });

  it("reads dotted keys and nested ones, and lets the dotted win", () => {
    const config = read({
      resources: { requests: { cpu: "1", memory: "1Gi" } },
      "resources.requests.cpu": "2",
      "resources.limits.nvidia.com/gpu": "1",
      bounds: { startSec: 1, cleanupSec: "61" },
      "bounds.startSec": "33",
      labels: "team=a",
      "labels.example.com/cost": "b",
    });
    expect(config.resources).toEqual({
      requests: { cpu: "2", memory: "1Gi" },
      limits: { "nvidia.com/gpu": "1" },
    });
    expect(config.bounds).toEqual({ schedulingSec: 300, imagePullSec: 900, startSec: 33, cleanupSec: 61 });
    expect(config.labels).toEqual({ team: "a", "example.com/cost": "b" });
  });

  it("takes a time to live of 0 for unset: a predecessor's form stores it unasked", () => {
    const ttl = (value: unknown) => read({ ttlSecondsAfterFinished: value }).ttlSecondsAfterFinished;
    expect([0, "0", 1, "3600"].map(ttl)).toEqual([300, 300, 1, 3600]);
    expect(problems({ ttlSecondsAfterFinished: -1 })).toMatchObject([{ field: "ttlSecondsAfterFinished" }]);
  });

  it("takes an empty part of a JSON text for unset, as that of an object, and merges with it", () => {
    const requests = (config: Record<string, unknown>) => read(config as never).resources.requests;
    expect(requests({ resources: '{"requests":{"cpu":"","memory":"2Gi"}}' })).toEqual(
      requests({ resources: { requests: { cpu: "", memory: "2Gi" } } }),
    );
    expect(requests({ resources: { requests: '{"cpu":"3"}' }, "resources.requests.memory": "3Gi" })).toEqual({
      cpu: "3",
      memory: "3Gi",
    });
  });

  it.each([
    ["/paperclip/", "/paperclip"],
    [" /a/b// ", "/a/b"],
    ["/", "/"],
  ])("takes the path %j without the slash at its end", (written, volumeHostPath) => {
    expect(read({ volumeHostPath: written })).toMatchObject({ volumeHostPath });
  });

  it("keeps a variable that is empty on purpose", () => {
    expect(read({ env: { ANTHROPIC_API_KEY: "", GONE: null as never } }).env).toEqual({
      ANTHROPIC_API_KEY: "",
    });
  });

  it("reads a variable in the host's own form", () => {
    expect(read({ env: { A: { type: "plain", value: "x" }, B: 2, C: true } }).env).toEqual({
      A: "x",
      B: "2",
      C: "true",
    });
  });

  it("ignores the keys that the host adds", () => {
    const config = read({
      paperclipRuntimeSkills: [{ key: "x" }],
      paperclipSkillSync: {},
      instructionsRootPath: "/x",
    });
    expect(
      Object.keys(config).filter((key) => key.startsWith("paperclip") || key === "instructionsRootPath"),
    ).toEqual([]);
  });

  it("reads the agent's own fields", () => {
    expect(read({ model: " opus " }).model).toBe("opus");
  });

  it("keeps templates as they were written", () => {
    expect(read({ promptTemplate: "  {{agent.name}}\n" }).promptTemplate).toBe("  {{agent.name}}\n");
  });
});

describe("an error", () => {
  it("names the field, the value's shape and what would be right", () => {
    expect(problems({ timeoutSec: "soon", "resources.requests.memory": "much" })).toEqual([
      {
        field: "resources.requests.memory",
        message: "must be a quantity such as 500m, 2 or 1.5Gi; it is a text of 4 characters",
      },
      { field: "timeoutSec", message: "must be a whole number of 0 or more; it is a text of 4 characters" },
    ]);
    const parsed = parseConfig(sample, { graceSec: -1 });
    expect(parsed).toMatchObject({
      ok: false,
      message: "Sample is not configured: graceSec must be a whole number from 0 to 3600; it is a number.",
    });
  });

  it("names the part of a bound", () => {
    expect(problems({ bounds: { startSec: "x" } })).toMatchObject([{ field: "bounds.startSec" }]);
  });

  it("never holds a value (K3)", () => {
    const secret = "sk-ant-very-secret";
    const anything = fc.oneof(fc.constant(secret), fc.constant({ x: [secret] }), fc.constant([secret]));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(coreFields)), anything, (key, value) => {
        expect(JSON.stringify(problems({ [key]: value, env: { A: { secret } } }))).not.toContain(secret);
      }),
    );
  });

  it("names a line by its number: what is before its = may be a secret (K3)", () => {
    expect(problems({ env: "A=1\n\nANTHROPIC_API_KEY: sk-ant-very-secret==" })).toEqual([
      {
        field: "env.line 3",
        message: "must be a variable's name of letters, digits and _; it is a text of 37 characters",
      },
    ]);
  });

  it.each(["constructor", "__proto__", "toString"])("takes %s for no switch", (word) => {
    expect(problems({ subPathIsolation: word })).toMatchObject([{ field: "subPathIsolation" }]);
  });

  it("names a secret reference that was not resolved", () => {
    expect(problems({ env: { KEY: { type: "secret_ref", secretId: "x" } } })).toMatchObject([
      { field: "env.KEY", message: expect.stringContaining("it is an object of 2 keys") },
    ]);
  });

  it.each([
    "apiVersion: v1\nusers: [{ user: { token: sk-secret } }]",
    '{"users":[{"user":{"token":"sk-secret"}}]}',
  ])("refuses a kubeconfig's content, and does not show it (K3): %j", (kubeconfig) => {
    expect(read({ kubeconfig: " /etc/paperclip/agents.kubeconfig " }).kubeconfig).toBe(
      "/etc/paperclip/agents.kubeconfig",
    );
    expect(problems({ kubeconfig })).toEqual([
      {
        field: "kubeconfig",
        message: `must be the path of a kubeconfig file, not its content; it is a text of ${kubeconfig.length} characters`,
      },
    ]);
  });

  it("refuses root as the pod's user", () => {
    expect(problems({ runAsUser: 0, runAsGroup: "0" }).map(({ field }) => field)).toEqual([
      "runAsUser",
      "runAsGroup",
    ]);
  });
});

it("never throws, whatever the config is", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(coreFields)), fc.anything(), (key, value) => {
      parseConfig(sample, { [key]: value });
      parseConfig(sample, { [`${key}.a.b`]: value });
      parseConfig(sample, value);
    }),
  );
});
