import { expect, test } from "vitest";
import { buildJob, SECURITY_RELAXATIONS, type SecurityRelaxation } from "../../src/index.ts";
import { exampleSpec } from "../example-spec.ts";

const agent = (securityContext: object) => ({ containers: [{ name: "agent", securityContext }] });
const mesh = (securityContext: object) => ({
  initContainers: [{ name: "mesh", image: "mesh:1", securityContext }],
});

/** A weaker pod, the relaxations that allow it, and the field that is refused without them. */
const WEAKER: [string, readonly SecurityRelaxation[], object][] = [
  ["initContainers[0].securityContext.runAsUser", ["runAsRoot"], mesh({ runAsUser: 0 })],
  ["initContainers[0].securityContext.runAsNonRoot", ["runAsRoot"], mesh({ runAsNonRoot: false })],
  [
    "initContainers[0].securityContext.capabilities.add[0]",
    ["capabilities", "privileged"],
    mesh({ capabilities: { add: ["NET_ADMIN"] } }),
  ],
  [
    "containers[0].securityContext.capabilities.add[0]",
    ["capabilities", "privileged"],
    agent({ capabilities: { add: ["SYS_ADMIN"] } }),
  ],
  [
    "containers[0].securityContext.allowPrivilegeEscalation",
    ["privilegeEscalation", "privileged"],
    agent({ allowPrivilegeEscalation: true }),
  ],
  ["containers[0].securityContext.privileged", ["privileged"], agent({ privileged: true })],
  [
    "containers[0].securityContext.procMount",
    ["unconfined", "privileged"],
    { hostUsers: false, ...agent({ procMount: "Unmasked" }) },
  ],
  [
    "containers[0].securityContext.seccompProfile.type",
    ["unconfined", "privileged"],
    agent({ seccompProfile: { type: "Unconfined" } }),
  ],
  [
    "securityContext.appArmorProfile.type",
    ["unconfined", "privileged"],
    { securityContext: { appArmorProfile: { type: "Unconfined" } } },
  ],
  [
    "securityContext.seLinuxOptions.type",
    ["unconfined", "privileged"],
    { securityContext: { seLinuxOptions: { type: "spc_t" } } },
  ],
  [
    "securityContext.seLinuxOptions.user",
    ["unconfined", "privileged"],
    { securityContext: { seLinuxOptions: { user: "system_u" } } },
  ],
  ["hostNetwork", ["hostNetwork"], { hostNetwork: true }],
  [
    "containers[0].ports[0].hostPort",
    ["hostNetwork"],
    { containers: [{ name: "agent", ports: [{ containerPort: 80, hostPort: 80 }] }] },
  ],
  ["volumes[0].hostPath", ["volumeTypes"], { volumes: [{ name: "x", hostPath: { path: "/x" } }] }],
  [
    "containers[0].volumeMounts[0].mountPropagation",
    ["privileged"],
    {
      volumes: [{ name: "x", emptyDir: {} }],
      containers: [
        {
          name: "agent",
          volumeMounts: [{ name: "x", mountPath: "/x", mountPropagation: "Bidirectional" }],
        },
      ],
    },
  ],
];

test.each(WEAKER)("%s needs a named relaxation: one of %j", (field, relaxations, spec) => {
  for (const name of [undefined, ...SECURITY_RELAXATIONS]) {
    const build = () =>
      buildJob(exampleSpec({ podTemplate: { spec }, relaxSecurity: name ? [name] : [] } as never));
    if (name && relaxations.includes(name)) build();
    else
      expect(build).toThrow(
        expect.objectContaining({ code: "security_floor", field: `podTemplate.spec.${field}` }),
      );
  }
});

test("the refusal names the relaxation", () => {
  expect(() => buildJob(exampleSpec({ podTemplate: { spec: { hostNetwork: true } } }))).toThrow(
    'podTemplate.spec.hostNetwork is true, which Pod Security "restricted" forbids: leave it out, or name "hostNetwork" in relaxSecurity',
  );
});

test("an unknown relaxation is refused by name", () => {
  expect(() => buildJob(exampleSpec({ relaxSecurity: ["everything"] as never }))).toThrow(
    /^relaxSecurity\[0\] is "everything": give runAsRoot or /,
  );
});

test("a relaxation alone weakens nothing", () => {
  expect(JSON.stringify(buildJob(exampleSpec({ relaxSecurity: [...SECURITY_RELAXATIONS] })))).toBe(
    JSON.stringify(buildJob(exampleSpec())),
  );
});

test("a capability is added to none, and privileges are not asked for and refused at once", () => {
  const built = (securityContext: object) =>
    buildJob(
      exampleSpec({ podTemplate: { spec: agent(securityContext) as never }, relaxSecurity: ["privileged"] }),
    ).spec!.template.spec!.containers[0]!.securityContext;
  expect(built({ capabilities: { add: ["NET_RAW"] } })).toMatchObject({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"], add: ["NET_RAW"] },
  });
  expect(built({ privileged: true })).toMatchObject({ privileged: true, allowPrivilegeEscalation: true });
  expect(built({ capabilities: { add: ["SYS_ADMIN"] } })).toMatchObject({ allowPrivilegeEscalation: true });
});

test("a root that is read-only stays so", () => {
  const podTemplate = { spec: agent({ readOnlyRootFilesystem: false }) } as never;
  expect(() => buildJob(exampleSpec({ readOnlyRootFilesystem: true, podTemplate }))).toThrow(
    expect.objectContaining({ code: "reserved_field" }),
  );
  buildJob(exampleSpec({ podTemplate }));
});
