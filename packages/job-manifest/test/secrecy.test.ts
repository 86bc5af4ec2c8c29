import fc from "fast-check";
import { expect, test } from "vitest";
import { buildJob, buildSecret } from "../src/index.ts";
import { exampleSpec, fullSpec } from "./example-spec.ts";

const secretText = fc.stringMatching(/^[a-z0-9]{12,40}$/).map((text) => `SECRET${text}`);

test("K3 neither prompt nor values nor files appear in the Job", () => {
  fc.assert(
    fc.property(secretText, secretText, secretText, (prompt, value, file) => {
      const spec = exampleSpec({ prompt, environment: { KEY: value }, files: { config: file } });
      expect(JSON.stringify(buildJob(spec))).not.toContain("SECRET");
    }),
    { seed: 3, numRuns: 50 },
  );
});

test("K8 every variable comes from the Secret by reference, and a missing key fails the pod", () => {
  const job = buildJob(fullSpec());
  const environment = job.spec!.template.spec!.containers[0]!.env!;
  for (const entry of environment) {
    if (entry.value !== undefined) expect(entry.name).toMatch(/^AGENT_RUN_/);
    const reference = entry.valueFrom?.secretKeyRef;
    if (reference)
      expect(reference).toEqual({ name: job.metadata!.name, key: `env.${entry.name}`, optional: false });
  }
  expect(environment.filter((entry) => entry.valueFrom?.secretKeyRef)).toHaveLength(2);
});

test("every key that the pod refers to is in the Secret, and the variables never become files", () => {
  const spec = fullSpec();
  const pod = buildJob(spec).spec!.template.spec!;
  const { data } = buildSecret(spec, { jobName: "job", jobUid: "uid" });
  const items = pod.volumes!.find((volume) => volume.name === "run")!.secret!.items!;
  const referred = pod.containers[0]!.env!.flatMap((entry) => entry.valueFrom?.secretKeyRef?.key ?? []);
  expect([...items.map((item) => item.key), ...referred].sort()).toEqual(Object.keys(data!).sort());
  expect(items).toEqual([
    { key: "prompt", path: "prompt" },
    { key: "file.instructions", path: "files/instructions" },
    { key: "file.mcp.json", path: "files/mcp.json" },
  ]);
});
