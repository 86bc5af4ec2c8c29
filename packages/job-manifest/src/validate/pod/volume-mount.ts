import { OWN_VOLUMES } from "../../pod/volumes.ts";
import { isAbsolutePath, isRelativePath, isWithin } from "../../run-files/path-syntax.ts";
import { ownMountPaths } from "../paths.ts";
import { allowWeaker, anyText, fields, flag, oneOf, type Rule, type Scope, wrong } from "../rule.ts";
import { quoted } from "../syntax.ts";

const volumeName: Rule = (value, at, { volumes, isAgent }) => {
  const own = OWN_VOLUMES.includes(value as string);
  if (isAgent && own) {
    wrong(at, `is ${quoted(value)}, whose mounts belong to the run: name an added volume`, "reserved_field");
  }
  if (!volumes.has(value as string))
    wrong(at, `is ${quoted(value)}, which no volume is called: name an added one`);
};

const mountPath: Rule = (value, at, scope) => {
  if (typeof value !== "string" || !isAbsolutePath(value)) {
    wrong(at, `is ${quoted(value)}: give an absolute, normal path`, "invalid_path");
  }
  // The container runtime refuses them.
  if (isWithin(value, "/proc") || value === "/dev" || value === "/sys") {
    wrong(at, `is ${quoted(value)}, which is the container's own: mount it elsewhere`, "invalid_path");
  }
  if (scope.isAgent) apartFromOurs(value, at, scope);
};

function apartFromOurs(path: string, at: string, { spec }: Scope): void {
  const own = { ...ownMountPaths(spec), "the termination message": "/dev/termination-log" };
  const touched = Object.entries(own).find(([, ours]) => isWithin(path, ours) || isWithin(ours, path));
  if (touched) {
    wrong(
      at,
      `is ${quoted(path)}, which overlaps ${touched[0]} (${quoted(touched[1])}): mount it elsewhere`,
      "invalid_path",
    );
  }
}

const subPath: Rule = (value, at) => {
  if (value !== "" && (typeof value !== "string" || !isRelativePath(value))) {
    wrong(at, `is ${quoted(value)}: give a relative path without ".."`, "invalid_path");
  }
};

const propagation: Rule = (value, at, scope) => {
  oneOf("None", "HostToContainer", "Bidirectional")(value, at, scope);
  if (value === "Bidirectional") allowWeaker(value, at, scope, "privileged");
};

const shape = fields(
  {
    name: volumeName,
    mountPath,
    readOnly: flag,
    subPath,
    subPathExpr: anyText,
    mountPropagation: propagation,
    recursiveReadOnly: oneOf("Disabled", "IfPossible", "Enabled"),
  },
  ["name", "mountPath"],
);

interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
}

/** One mount of a container. */
export const mountRule: Rule = (value, at, scope) => {
  shape(value, at, scope);
  const mount = value as Mount;
  if (mount.subPath && mount.subPathExpr) {
    wrong(`${at}.subPathExpr`, "stands beside subPath: give one of them");
  }
  const { subPaths = [] } = scope.spec.volume;
  if (mount.name !== "paperclip" || subPaths.length === 0) return;
  if (mount.subPathExpr || !subPaths.some((path) => mount.subPath && isWithin(mount.subPath, path))) {
    wrong(
      `${at}.subPath`,
      `is ${quoted(mount.subPath)}, and the run may see only volume.subPaths: give one of them, or a folder in it`,
      "reserved_field",
    );
  }
};

/** The mounts of a container: no two at one path. */
export const mountsRule: Rule = (value, at, scope) => {
  if (!Array.isArray(value)) wrong(at, `is ${quoted(value)}: give a list`);
  const taken = new Set<string>();
  for (const [index, mount] of value.entries()) {
    mountRule(mount, `${at}[${index}]`, scope);
    if (taken.has(mount.mountPath)) {
      wrong(
        `${at}[${index}].mountPath`,
        `is ${quoted(mount.mountPath)}, which another mount has: give another path`,
        "invalid_path",
      );
    }
    taken.add(mount.mountPath);
  }
};
