// The security floor: what a patch may add to it, and which named relaxation each weaker value needs.
import { isRelativePath } from "../run-files/path-syntax.ts";
import {
  allowWeaker,
  fields,
  flag,
  listOf,
  oneOf,
  owned,
  type Rule,
  text,
  whole,
  wrong,
} from "../validate/rule.ts";

const BY_USER = "the agent's user and group are the option `user`";
const NO_WINDOWS = "the pod's script needs a POSIX shell";
const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
/** What Pod Security "baseline" and "restricted" let a pod set. */
const SAFE_SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
];

const profileType: Rule = (value, at, scope) => {
  oneOf("RuntimeDefault", "Localhost", "Unconfined")(value, at, scope);
  if (value === "Unconfined") allowWeaker(value, at, scope, "unconfined", "privileged");
};
const profileShape = fields({ type: profileType, localhostProfile: text }, ["type"]);
const profile: Rule = (value, at, scope) => {
  profileShape(value, at, scope);
  const { type, localhostProfile } = value as { type: string; localhostProfile?: string };
  if (type === "Localhost" ? !isRelativePath(localhostProfile ?? "") : localhostProfile !== undefined) {
    wrong(`${at}.localhostProfile`, "goes with Localhost: give a relative path there, and none elsewhere");
  }
};

const seLinuxType: Rule = (value, at, scope) => {
  if (!SELINUX_TYPES.includes(value as string)) allowWeaker(value, at, scope, "unconfined", "privileged");
};
const seLinuxPart: Rule = (value, at, scope) => {
  if (value !== "") allowWeaker(value, at, scope, "unconfined", "privileged");
};
const seLinuxOptions = fields({ type: seLinuxType, level: text, user: seLinuxPart, role: seLinuxPart });

const escalation: Rule = (value, at, scope) => {
  flag(value, at, scope);
  if (value === true) allowWeaker(value, at, scope, "privilegeEscalation", "privileged");
};

const privileged: Rule = (value, at, scope) => {
  flag(value, at, scope);
  if (value === true) allowWeaker(value, at, scope, "privileged");
};

const addedCapability: Rule = (value, at, scope) => {
  text(value, at, scope);
  if (value !== "NET_BIND_SERVICE") allowWeaker(value, at, scope, "capabilities", "privileged");
};

const dropped: Rule = (value, at, scope) => {
  listOf(text)(value, at, scope);
  if (!(value as readonly string[]).includes("ALL"))
    allowWeaker(value, at, scope, "capabilities", "privileged");
};

const procMount: Rule = (value, at, scope) => {
  oneOf("Default", "Unmasked")(value, at, scope);
  if (value === "Unmasked") allowWeaker(value, at, scope, "unconfined", "privileged");
};

const readOnlyRoot: Rule = (value, at, scope) => {
  flag(value, at, scope);
  if (scope.isAgent && scope.spec.readOnlyRootFilesystem && value === false) {
    owned("the option `readOnlyRootFilesystem` asks for the contrary")(value, at, scope);
  }
};

/** The agent's user is the run's own; another container's may be any but root. */
function ofOthers(rule: Rule): Rule {
  return (value, at, scope) => (scope.isAgent ? owned(BY_USER) : rule)(value, at, scope);
}

const notRootUser: Rule = (value, at, scope) => {
  whole(0)(value, at, scope);
  if (value === 0) allowWeaker(value, at, scope, "runAsRoot");
};

const nonRoot: Rule = (value, at, scope) => {
  flag(value, at, scope);
  if (value === false) allowWeaker(value, at, scope, "runAsRoot");
};

const sysctl = fields({
  name: (value, at, scope) => {
    text(value, at, scope);
    if (!SAFE_SYSCTLS.includes(value as string)) {
      owned(`only ${SAFE_SYSCTLS.join(", ")} are safe for the other pods of a node`)(value, at, scope);
    }
  },
  value: text,
});

/** `securityContext` of the pod. */
export const podSecurityRule: Rule = fields({
  runAsUser: owned(BY_USER),
  runAsGroup: owned(BY_USER),
  runAsNonRoot: owned(BY_USER),
  seccompProfile: profile,
  appArmorProfile: profile,
  seLinuxOptions,
  seLinuxChangePolicy: oneOf("MountOption", "Recursive"),
  fsGroup: whole(0),
  fsGroupChangePolicy: oneOf("Always", "OnRootMismatch"),
  supplementalGroups: listOf(whole(0)),
  supplementalGroupsPolicy: oneOf("Merge", "Strict"),
  sysctls: listOf(sysctl),
  windowsOptions: owned(NO_WINDOWS),
});

/** `securityContext` of a container. */
export const containerSecurityRule: Rule = fields({
  allowPrivilegeEscalation: escalation,
  appArmorProfile: profile,
  capabilities: fields({ add: listOf(addedCapability), drop: dropped }),
  privileged,
  procMount,
  readOnlyRootFilesystem: readOnlyRoot,
  runAsGroup: ofOthers(whole(0)),
  runAsNonRoot: ofOthers(nonRoot),
  runAsUser: ofOthers(notRootUser),
  seLinuxOptions,
  seccompProfile: profile,
  windowsOptions: owned(NO_WINDOWS),
});
