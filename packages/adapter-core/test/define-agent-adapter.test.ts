import { expect, it } from "vitest";
import { defineAgentAdapter, type Host } from "../src/index.ts";
import { shell } from "./support/shell-agent.ts";

/** A host that notes whatever is taken from it. */
function watchedHost(): { host: Host; touched: PropertyKey[] } {
  const touched: PropertyKey[] = [];
  const host = new Proxy({} as Host, {
    get: (_target, name) => {
      touched.push(name);
      throw new Error(`${String(name)} was read`);
    },
  });
  return { host, touched };
}

it("H5: defining an adapter, and asking it for what it is, takes nothing from the host", async () => {
  const { host, touched } = watchedHost();
  const adapter = defineAgentAdapter(shell, host);
  expect(adapter.type).toBe("shell_k8s");
  await adapter.getConfigSchema?.();
  expect(adapter.agentConfigurationDoc).toContain("volumeClaim");
  expect(adapter.sessionCodec?.deserialize({ sessionId: "s" })).toEqual({ sessionId: "s" });
  expect(touched).toEqual([]);
});

it("H5: defining an adapter reads no variable of the process and asks nobody", () => {
  const read: PropertyKey[] = [];
  const { env } = process;
  process.env = new Proxy(env, {
    get: (target, name) => {
      read.push(name);
      return target[name as string];
    },
    ownKeys: (target) => {
      read.push("all");
      return Reflect.ownKeys(target);
    },
  });
  try {
    defineAgentAdapter(shell);
  } finally {
    process.env = env;
  }
  expect(read).toEqual([]);
});

it("declares what the host needs to know", () => {
  expect(defineAgentAdapter(shell)).toMatchObject({
    models: [{ id: "sh-1", label: "Shell 1" }],
    supportsLocalAgentJwt: true,
    supportsInstructionsBundle: true,
    instructionsPathKey: "instructionsFilePath",
    runtimeToolDelivery: "environment",
    hasOutOfProcessLiveness: true,
  });
});
