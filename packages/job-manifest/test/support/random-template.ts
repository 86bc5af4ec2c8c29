// Random pod templates that a run takes.
import type { V1Capabilities, V1Container, V1Volume } from "@kubernetes/client-node";
import fc from "fast-check";
import type { ContainerPatch, PodTemplatePatch } from "../../src/index.ts";
import {
  affinity,
  annotations,
  dnsConfig,
  dnsLabel,
  image,
  labelKey,
  labelSelector,
  labels,
  nastyText,
  objectName,
  resources,
  toleration,
  variableName,
  volumeSource,
} from "./random-parts.ts";

const variable = fc.oneof(
  fc.record({ name: variableName, value: nastyText }),
  variableName.map((name) => ({ name, valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } })),
  fc.record({
    name: variableName,
    valueFrom: fc.record({
      secretKeyRef: fc.record({ name: objectName, key: fc.constant("k"), optional: fc.boolean() }),
    }),
  }),
);

const security = fc.record(
  {
    runAsUser: fc.integer({ min: 1, max: 70_000 }),
    readOnlyRootFilesystem: fc.boolean(),
    allowPrivilegeEscalation: fc.constant(false),
    capabilities: fc.constantFrom<V1Capabilities>(
      { drop: ["ALL"] },
      { add: ["NET_BIND_SERVICE"] },
      { drop: ["ALL"], add: [] },
    ),
    seccompProfile: fc.constantFrom(
      { type: "RuntimeDefault" },
      { type: "Localhost", localhostProfile: "p.json" },
    ),
  },
  { requiredKeys: [] },
);

function added(name: string, mounts: readonly string[]): fc.Arbitrary<V1Container> {
  return fc.record(
    {
      name: fc.constant(name),
      image,
      command: fc.array(nastyText, { maxLength: 3 }),
      args: fc.array(nastyText, { maxLength: 2 }),
      env: fc.array(variable, { maxLength: 2 }),
      resources,
      securityContext: security,
      volumeMounts: fc.constant(
        mounts.map((volume, index) => ({ name: volume, mountPath: `/mnt/${index}` })),
      ),
      ports: fc.constantFrom([], [{ containerPort: 8080, name: "http" }]),
      readinessProbe: fc.constant({ exec: { command: ["true"] }, periodSeconds: 5 }),
    },
    { requiredKeys: ["name", "image"] },
  );
}

function agentPart(volume: string | undefined, taken: readonly string[]): fc.Arbitrary<ContainerPatch> {
  return fc.record(
    {
      name: fc.constant("agent"),
      env: fc.array(
        variable.filter(({ name }) => !taken.includes(name)),
        { maxLength: 2 },
      ),
      volumeMounts: fc.constant(volume ? [{ name: volume, mountPath: "/dev/shm" }] : []),
      resources: fc.constantFrom({}, { limits: { "example.com/device": "1" } }),
      ports: fc.constant([{ containerPort: 9090, protocol: "TCP" }]),
    },
    { requiredKeys: ["name"] },
  );
}

/**
 * A template that `buildJob` takes without a relaxation.
 *
 * @param taken names of the variables that the run has already
 */
export function validTemplate(taken: readonly string[]): fc.Arbitrary<PodTemplatePatch> {
  return fc
    .record({
      kinds: fc.array(volumeSource, { maxLength: 2 }),
      names: fc.uniqueArray(dnsLabel, { minLength: 3, maxLength: 3 }),
    })
    .chain(({ kinds, names }) => {
      const volumes: V1Volume[] = kinds.map((kind, index) => ({ name: `extra-${index}`, ...kind }));
      const [volume] = volumes;
      const mounts = volume ? [volume.name, "tmp"] : ["tmp"];
      return fc.record(
        {
          metadata: fc.record({ labels, annotations }, { requiredKeys: [] }),
          spec: fc.record(
            {
              affinity,
              containers: fc.tuple(
                agentPart(volume?.name, taken),
                added(`side-${names[0]}`.slice(0, 60), mounts),
              ),
              initContainers: fc
                .tuple(
                  added(`init-${names[1]}`.slice(0, 60), mounts),
                  added(`native-${names[2]}`.slice(0, 60), []),
                )
                .map(([{ readinessProbe: _, ...first }, second]) => [
                  first,
                  { ...second, restartPolicy: "Always" },
                ]),
              volumes: fc.constant(volumes),
              dnsConfig,
              hostname: dnsLabel,
              subdomain: dnsLabel,
              hostAliases: fc.constantFrom([], [{ ip: "10.1.2.3", hostnames: ["a.example"] }]),
              enableServiceLinks: fc.boolean(),
              imagePullSecrets: fc.array(
                objectName.map((name) => ({ name })),
                { maxLength: 2 },
              ),
              nodeSelector: labels,
              schedulerName: objectName,
              securityContext: fc.record(
                {
                  fsGroup: fc.nat(70_000),
                  fsGroupChangePolicy: fc.constant("OnRootMismatch"),
                  supplementalGroups: fc.array(fc.nat(70_000), { maxLength: 3 }),
                },
                { requiredKeys: [] },
              ),
              tolerations: fc.array(toleration, { maxLength: 2 }),
              topologySpreadConstraints: fc.array(
                fc.record(
                  {
                    maxSkew: fc.integer({ min: 1, max: 5 }),
                    topologyKey: labelKey,
                    whenUnsatisfiable: fc.constant("ScheduleAnyway"),
                    labelSelector,
                  },
                  { requiredKeys: ["maxSkew", "topologyKey", "whenUnsatisfiable"] },
                ),
                { maxLength: 1 },
              ),
            },
            { requiredKeys: ["volumes"] },
          ),
        },
        { requiredKeys: [] },
      );
    }) as fc.Arbitrary<PodTemplatePatch>;
}
