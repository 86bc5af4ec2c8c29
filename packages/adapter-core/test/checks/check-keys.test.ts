import { expect, it } from "vitest";
import { checkKeys } from "../../src/checks/check-keys.ts";
import { shell } from "../support/shell-agent.ts";

const told = (config: Record<string, unknown>) =>
  checkKeys(shell, config).map(({ message, hint }) => `${message.split(" ")[0]}: ${hint}`);

it("tells of keys that are nearly a field's, and of which", () => {
  expect(
    told({ imgae: "a", timeoutSecs: "600", Namespace: "x", "resource.limits.cpu": "1", labls: "" }),
  ).toEqual([
    "imgae: Did you mean image?",
    "timeoutSecs: Did you mean timeoutSec?",
    "Namespace: Did you mean namespace?",
    "resource.limits.cpu: Did you mean resources?",
    "labls: Did you mean labels?",
  ]);
});

it("tells of parts that a structured field does not have", () => {
  expect(told({ resources: { limit: { memory: "4Gi" } }, bounds: '{"imagePull":"5"}' })).toEqual([
    "resources.limit: resources has requests, limits.",
    "bounds.imagePull: bounds has schedulingSec, imagePullSec, startSec, cleanupSec.",
  ]);
});

it("passes over what is right, what the host keeps there, and what an earlier adapter has left", () => {
  const host = { paperclipRuntimeSkills: [], paperclipSkillSync: {}, instructionsBundleMode: "managed" };
  const earlier = { agentDbMode: "x", secretsNamespace: "y", enableDocker: true, pvcName: "z", command: "c" };
  const right = {
    env: {},
    image: "a",
    "resources.limits.cpu": "1",
    bounds: { startSec: 1 },
    "labels.a": "b",
  };
  expect(told({ ...host, ...earlier, ...right, resources: { requests: {} } })).toEqual([]);
});
