import * as client from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { unsupportedFeatures } from "../../src/kubelet/process/unsupported.ts";
import type { Pod } from "../../src/resources/objects.ts";
import { testSandbox } from "../helpers/test-sandbox.ts";
import { until } from "../helpers/until.ts";

const podWith = (spec: object, container: object = {}): Pod =>
  ({
    spec: { restartPolicy: "Never", containers: [{ name: "a", ...container }], ...spec },
  }) as unknown as Pod;
const fieldsOf = (model: { getAttributeTypeMap(): { baseName: string }[] }) =>
  model.getAttributeTypeMap().map(({ baseName }) => baseName);

it("each field of the API's pod spec is known: honoured, ignored on purpose, or refused by its name", () => {
  const refused = (found: readonly string[]) =>
    found.map((one) => one.split(" has ")[1]!.split(" ")[0]).sort();
  const pods = fieldsOf(client.V1PodSpec).filter(
    (field) => !["containers", "initContainers", "restartPolicy"].includes(field),
  );
  expect(refused(unsupportedFeatures(podWith(Object.fromEntries(pods.map((field) => [field, []])))))).toEqual(
    [
      "activeDeadlineSeconds",
      "affinity",
      "ephemeralContainers",
      "readinessGates",
      "resourceClaims",
      "resources",
      "schedulingGroup",
      "topologySpreadConstraints",
    ],
  );
  const containers = fieldsOf(client.V1Container).filter(
    (field) => !["name", "volumeMounts", "terminationMessagePolicy"].includes(field),
  );
  expect(
    refused(unsupportedFeatures(podWith({}, Object.fromEntries(containers.map((field) => [field, []]))))),
  ).toEqual([
    "lifecycle",
    "livenessProbe",
    "readinessProbe",
    "restartPolicy",
    "restartPolicyRules",
    "startupProbe",
    "stdin",
    "stdinOnce",
    "tty",
    "volumeDevices",
  ]);
});

it("a field of a later version is refused, and so is what would behave otherwise", () => {
  expect(unsupportedFeatures(podWith({ warpDrive: true }))).toEqual(["the pod has warpDrive"]);
  expect(unsupportedFeatures(podWith({ restartPolicy: "Always" }))).toEqual([
    "the pod has restartPolicy Always",
  ]);
  expect(unsupportedFeatures(podWith({}, { terminationMessagePolicy: "FallbackToLogsOnError" }))).toEqual([
    "container a has terminationMessagePolicy FallbackToLogsOnError",
  ]);
  const mount = { name: "v", mountPath: "/v", mountPropagation: "Bidirectional" };
  expect(unsupportedFeatures(podWith({}, { volumeMounts: [mount] }))).toEqual([
    "container a has volumeMounts.mountPropagation",
  ]);
});

it("a pod with what it does not have is not run, and an event says why", async () => {
  const test = await testSandbox();
  await test.pod("gated", { container: { lifecycle: { preStop: { exec: { command: ["x"] } } } } });
  const events =
    "/api/v1/namespaces/t/events?fieldSelector=involvedObject.name%3Dgated,reason%3DFailedCreatePodSandBox";
  const message = await until(async () => (await test.send("GET", events)).json.items[0]?.message);
  expect(message).toBe("kube-sandbox cannot run this pod as processes: container agent has lifecycle");
});
