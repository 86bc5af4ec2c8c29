import type { V1Pod } from "@kubernetes/client-node";
import { runLabels } from "@paperclip-k8s/job-manifest";
import { expect, test } from "vitest";
import { strayPods } from "../../src/launch/stray-pods.ts";
import { settle, until } from "../support/fake-clock.ts";
import { specOf, world } from "../support/world.ts";

test("G4 C2 a Job that kubectl deleted in the background counts as live until its pod is dead", async () => {
  await using it = await world();
  it.agent("run-1").obeys = false;
  const host = it.host();
  const first = await host.run();
  await until("the pod", () => it.agent("run-1").controls !== null);
  await it.api.deleteJob(first.jobName, { propagation: "Background", preconditions: {} });
  const second = it.host("host-2");
  const waited: string[][] = [];
  const launched = second.launch({ runId: "run-2", onWaiting: (names) => waited.push([...names]) });
  await until("the wait", () => waited.length === 1);
  expect(waited[0]?.[0]).toContain("run-1");
  await settle();
  expect(it.agent("run-2").controls).toBeNull();
  it.agent("run-1").end(137);
  await until("the second run", () => it.agent("run-2").controls !== null);
  expect((await launched).kind).toBe("launched");
});

const { identity } = specOf();
const pod = (changes: Partial<typeof identity> = {}, status: object = { phase: "Running" }): V1Pod => ({
  metadata: {
    name: "pod",
    labels: runLabels({ ...specOf(), identity: { ...identity, ...changes } }),
    ownerReferences: [{ uid: "job", controller: true } as never],
  },
  status: status as V1Pod["status"],
});
const strays = (one: V1Pod, concurrency: "agent" | "task" | "unlimited" = "agent", listed: string[] = []) =>
  strayPods({
    ...{ pods: [one], identity, concurrency, labelDomain: "example.com" },
    listed: listed.map((uid) => ({ metadata: { uid } })),
  }).length;

test("G13 a stray pod is one of the same key, whose Job is not there and whose container may work", () => {
  expect(strays(pod())).toBe(1);
  expect(strays(pod(), "agent", ["job"])).toBe(0);
  expect(strays(pod({ agentId: "another" }))).toBe(0);
  expect(strays(pod({ companyId: "another" }))).toBe(0);
  expect(strays(pod({ taskId: "another" }))).toBe(1);
  expect(strays(pod({ taskId: "another" }), "task")).toBe(0);
  expect(strays(pod(), "unlimited")).toBe(0);
  expect(strays(pod({}, { phase: "Succeeded" }))).toBe(0);
  const containerStatuses = [{ name: "agent", state: { terminated: { exitCode: 0 } } }];
  expect(strays(pod({}, { phase: "Running", containerStatuses }))).toBe(0);
});
