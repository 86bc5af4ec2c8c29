// Random texts, names and parts of a pod, valid as Kubernetes wants them.
import type { V1PodDNSConfigOption, V1Volume } from "@kubernetes/client-node";
import fc from "fast-check";

const LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
const letters = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });

/** Ends and begins with a letter or digit, whatever stands between. */
function edged(between: string, maxLength: number, edge: string): fc.Arbitrary<string> {
  const one = fc.constantFrom(...edge);
  return fc
    .tuple(one, letters(between, 0, maxLength - 2), one, fc.boolean())
    .map(([first, middle, last, short]) => (short ? first : `${first}${middle}${last}`));
}

/** Text with everything that shells, YAML, JSON and Kubernetes might take for theirs. */
export const nastyText: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 24 }),
    fc
      .array(
        fc.constantFrom(
          ..."$(){}[]'\"`\\\n\t\r *?~!#&;|<>-=%@^ä漢😀\u0001\u007f",
          "$(API_KEY)",
          "$$",
          "$(id)",
          "$" + "{HOME}",
          "--",
          "-e",
          "AGENT_RUN_EXIT",
          "\n# ",
        ),
        { maxLength: 10 },
      )
      .map((parts) => parts.join("")),
  )
  .map((text) => text.replaceAll("\0", ""));

export const dnsLabel = edged(`${LOWER}-`, 40, LOWER);
export const objectName = fc.oneof(
  dnsLabel,
  fc.tuple(dnsLabel, dnsLabel).map((parts) => parts.join(".")),
);
export const labelValue = fc.oneof(fc.constant(""), edged(`${LOWER}ABCXYZ-_.`, 63, `${LOWER}ABCXYZ`));
const qualifiedPart = edged(`${LOWER}ABC-_.`, 40, `${LOWER}ABC`);
/** Key of a label or annotation that nobody has reserved. */
export const labelKey = fc.oneof(
  qualifiedPart.filter((key) => key !== "job-name" && key !== "controller-uid"),
  fc.tuple(dnsLabel, qualifiedPart).map(([domain, name]) => `${domain}.user.example/${name}`),
);
export const labels = fc.dictionary(labelKey, labelValue, { maxKeys: 4 });
export const annotations = fc.dictionary(labelKey, nastyText, { maxKeys: 4 });
export const runId = letters(`${LOWER}ABCXYZ-`, 1, 60);
export const variableName = fc
  .tuple(fc.constantFrom(..."ABXYZ_"), letters("ABCXYZabc_019", 0, 20))
  .map((parts) => parts.join(""))
  .filter((name) => !/^(AGENT_RUN_|_[a-z])/.test(name));
export const fileName = edged(`${LOWER}ABC-_.`, 60, `${LOWER}ABC_`);
export const path = fc
  .array(edged(`${LOWER}ABC-_. $()'`, 16, `${LOWER}$(`), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"));
export const image = fc
  .tuple(
    fc.constantFrom("", "registry.example/", "registry.example:5000/", "127.0.0.1:5000/team/"),
    fc.constantFrom("agent", "team/agent-cli", "a/b_c/d.e", "x__y"),
    fc.constantFrom("", ":1", ":v1.2.3-rc.1", `@sha256:${"0a".repeat(32)}`, `:1@sha256:${"f0".repeat(32)}`),
  )
  .map((parts) => parts.join(""));

const amount = fc.tuple(
  fc.integer({ min: 1, max: 900 }),
  fc.constantFrom("", "m", "k", "Ki", "M", "Mi", "Gi", "e2"),
);
/** Resources whose requests are the limits where both are there. */
export const resources = fc
  .record(
    {
      cpu: fc.constantFrom("500m", "1", "0.25", "2e0", "1500m"),
      memory: amount.map((parts) => parts.join("")).filter((text) => !text.endsWith("m")),
      "ephemeral-storage": fc.constantFrom("1Gi", "500M", "2Gi"),
    },
    { requiredKeys: [] },
  )
  .chain((requests) =>
    fc.record(
      {
        requests: fc.constant(requests),
        limits: fc.constantFrom({}, requests, { ...requests, "nvidia.com/gpu": "2" }),
      },
      { requiredKeys: [] },
    ),
  );

export const toleration = fc.oneof(
  fc.record({ operator: fc.constant("Exists"), effect: fc.constantFrom("", "NoSchedule", "NoExecute") }),
  fc.record({
    key: labelKey,
    operator: fc.constant("Equal"),
    value: labelValue,
    effect: fc.constant("PreferNoSchedule"),
  }),
  fc.record({
    key: labelKey,
    operator: fc.constant("Exists"),
    effect: fc.constant("NoExecute"),
    tolerationSeconds: fc.nat(9000),
  }),
);

const requirement = fc.oneof(
  fc.record({ key: labelKey, operator: fc.constantFrom("Exists", "DoesNotExist") }),
  fc.record({
    key: labelKey,
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.array(labelValue, { minLength: 1, maxLength: 3 }),
  }),
);
export const labelSelector = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(requirement, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const nodeTerm = fc.record({
  matchExpressions: fc.array(
    fc.oneof(
      requirement,
      fc.record({
        key: labelKey,
        operator: fc.constantFrom("Gt", "Lt"),
        values: fc.constantFrom("3", "12").map((value) => [value]),
      }),
    ),
    { minLength: 1, maxLength: 2 },
  ),
});
const podTerm = fc.record(
  { topologyKey: labelKey, labelSelector, namespaces: fc.array(dnsLabel, { maxLength: 2 }) },
  { requiredKeys: ["topologyKey"] },
);
const weight = fc.integer({ min: 1, max: 100 });
const podAffinity = fc.record(
  {
    requiredDuringSchedulingIgnoredDuringExecution: fc.array(podTerm, { maxLength: 2 }),
    preferredDuringSchedulingIgnoredDuringExecution: fc.array(
      fc.record({ weight, podAffinityTerm: podTerm }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);
export const affinity = fc.record(
  {
    nodeAffinity: fc.record(
      {
        requiredDuringSchedulingIgnoredDuringExecution: fc.record({
          nodeSelectorTerms: fc.array(nodeTerm, { minLength: 1, maxLength: 2 }),
        }),
        preferredDuringSchedulingIgnoredDuringExecution: fc.array(
          fc.record({ weight, preference: nodeTerm }),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: [] },
    ),
    podAffinity,
    podAntiAffinity: podAffinity,
  },
  { requiredKeys: [] },
);

export const dnsConfig = fc.record(
  {
    nameservers: fc.constantFrom<string[][]>([], ["10.0.0.2"], ["fd00::1"]),
    searches: fc.array(fc.oneof(objectName, fc.constant("svc.cluster.local.")), { maxLength: 2 }),
    options: fc.constantFrom<V1PodDNSConfigOption[][]>(
      [],
      [{ name: "ndots", value: "1" }],
      [{ name: "edns0" }],
    ),
  },
  { requiredKeys: [] },
);

export const volumeSource: fc.Arbitrary<Omit<V1Volume, "name">> = fc.oneof(
  fc.constantFrom<Omit<V1Volume, "name">>(
    { emptyDir: {} },
    { emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
  ),
  objectName.map((name) => ({ configMap: { name, optional: true } })),
  objectName.map((secretName) => ({
    secret: { secretName, defaultMode: 0o400, items: [{ key: "a", path: "b/c" }] },
  })),
  objectName.map((claimName) => ({
    persistentVolumeClaim: { claimName: `other-${claimName}`, readOnly: true },
  })),
  fc.constant<Omit<V1Volume, "name">>({ projected: { sources: [{ configMap: { name: "x" } }] } }),
);
