import { OWN_VOLUMES } from "../../pod/volumes.ts";
import { isRelativePath } from "../../run-files/path-syntax.ts";
import { isQuantity } from "../resources.ts";
import {
  allowWeaker,
  anyText,
  fields,
  flag,
  listOf,
  named,
  object,
  type Rule,
  requireObject,
  type Scope,
  text,
  whole,
  wrong,
} from "../rule.ts";
import { isDnsLabel, isDnsSubdomain, quoted } from "../syntax.ts";

const objectName: Rule = named(isDnsSubdomain, "an object's name in small letters");
const mode = whole(0, 0o777);
const relativePath: Rule = (value, at) => {
  if (typeof value !== "string" || !isRelativePath(value)) {
    wrong(at, `is ${quoted(value)}: give a relative path without ".."`, "invalid_path");
  }
};
const items = listOf(fields({ key: text, path: relativePath, mode }, ["key", "path"]));
const medium: Rule = (value, at) => {
  if (typeof value !== "string" || !/^(|Memory|HugePages(-.+)?)$/.test(value)) {
    wrong(at, `is ${quoted(value)}: give Memory or HugePages, or leave it out`);
  }
};
const sizeLimit: Rule = (value, at) => {
  if (!isQuantity(value)) wrong(at, `is ${quoted(value)}: give a quantity such as "1Gi"`, "invalid_quantity");
};
const podItems = listOf(
  fields({ path: relativePath, fieldRef: object, resourceFieldRef: object, mode }, ["path"]),
);
const projectedObject = fields({ name: objectName, items, optional: flag }, ["name"]);
const projection = fields({
  clusterTrustBundle: object,
  configMap: projectedObject,
  downwardAPI: fields({ items: podItems }),
  secret: projectedObject,
  serviceAccountToken: fields(
    { audience: anyText, expirationSeconds: whole(600, 2 ** 32), path: relativePath },
    ["path"],
  ),
});

/** A mounted claim would show what `volume.subPaths` hide. */
const claimName: Rule = (value, at, scope) => {
  objectName(value, at, scope);
  const { claimName: shared, subPaths = [] } = scope.spec.volume;
  if (value === shared && subPaths.length > 0) {
    wrong(at, "is the shared claim, of which the run may see only volume.subPaths: mount another claim");
  }
};

/** What the Pod Security Standard "restricted" lets a pod mount. */
const RESTRICTED_KINDS: Readonly<Record<string, Rule>> = {
  configMap: fields({ name: objectName, items, defaultMode: mode, optional: flag }, ["name"]),
  csi: fields(
    {
      driver: text,
      fsType: anyText,
      nodePublishSecretRef: fields({ name: objectName }),
      readOnly: flag,
      volumeAttributes: object,
    },
    ["driver"],
  ),
  downwardAPI: fields({ items: podItems, defaultMode: mode }),
  emptyDir: fields({ medium, sizeLimit }),
  ephemeral: fields({ volumeClaimTemplate: object }, ["volumeClaimTemplate"]),
  persistentVolumeClaim: fields({ claimName, readOnly: flag }, ["claimName"]),
  projected: fields({ sources: listOf(projection), defaultMode: mode }, ["sources"]),
  secret: fields({ secretName: objectName, items, defaultMode: mode, optional: flag }, ["secretName"]),
};

/** A volume that is added to the run's own. */
export const volumeRule: Rule = (value, at, scope) => {
  const { name, ...sources } = requireObject(value, at);
  if (!isDnsLabel(name as string) || OWN_VOLUMES.includes(name as string)) {
    wrong(
      `${at}.name`,
      `is ${quoted(name)}: give a DNS label of its own, other than ${OWN_VOLUMES.join(", ")}`,
    );
  }
  const kinds = Object.entries(sources).filter(([, source]) => source != null);
  const [first, ...more] = kinds;
  if (!first || more.length > 0) {
    const told = kinds.map(([kind]) => kind).join(", ") || "none";
    wrong(
      at,
      `is of the kinds ${told}: give exactly one, such as ${Object.keys(RESTRICTED_KINDS).join(", ")}`,
    );
  }
  validateSource(first, at, scope);
};

function validateSource([kind, source]: readonly [string, unknown], at: string, scope: Scope): void {
  const field = `${at}.${kind}`;
  const rule = Object.hasOwn(RESTRICTED_KINDS, kind) ? RESTRICTED_KINDS[kind] : undefined;
  if (!rule) allowWeaker(kind, field, scope, "volumeTypes");
  (rule ?? object)(source, field, scope);
}
