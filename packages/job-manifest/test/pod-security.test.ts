import { expect, test } from "vitest";
import { buildJob } from "../src/index.ts";
import { exampleSpec, fullSpec } from "./example-spec.ts";

test("the pod passes the Pod Security Standard restricted", () => {
  for (const spec of [exampleSpec(), fullSpec()]) {
    const pod = buildJob(spec).spec!.template.spec!;
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod.containers).toHaveLength(1);
    expect(pod.containers[0]!.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.enableServiceLinks).toBe(false);
    expect(pod).not.toHaveProperty("hostNetwork");
  }
});

test("the kubelet is never asked to walk the shared volume", () => {
  expect(buildJob(fullSpec()).spec!.template.spec!.securityContext).not.toHaveProperty("fsGroup");
});

test("K9 with sub-paths the pod sees nothing else of the volume", () => {
  const { volumeMounts } = buildJob(fullSpec()).spec!.template.spec!.containers[0]!;
  const shared = volumeMounts!.filter((mount) => mount.name === "paperclip");
  expect(shared).toHaveLength(2);
  for (const mount of shared) expect(mount.mountPath).toBe(`/paperclip/${mount.subPath}`);
});

test("K9 with sub-paths the pod cannot write to those that are read-only", () => {
  const spec = fullSpec();
  const { subPaths = [] } = spec.volume;
  const volume = { ...spec.volume, subPaths: [...subPaths, "skills/one"], readOnlySubPaths: ["skills/one"] };
  const { volumeMounts } = buildJob({ ...spec, volume }).spec!.template.spec!.containers[0]!;
  const shared = volumeMounts!.filter((mount) => mount.name === "paperclip");
  expect(shared.map(({ subPath, readOnly = false }) => [subPath, readOnly])).toEqual([
    ...subPaths.map((subPath) => [subPath, false]),
    ["skills/one", true],
  ]);
});
