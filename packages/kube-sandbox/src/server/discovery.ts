// What kubectl asks before anything else.
import { type Kind, kinds } from "../resources/kinds.ts";
import { openapiDocuments } from "./openapi.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const readVerbs = ["get", "list", "watch"];

const groups = [...new Set(kinds.map((kind) => kind.group))].filter((group) => group !== "");

function entry(kind: Kind): object[] {
  const { resource, namespaced, kind: name, shortNames, categories } = kind;
  const main = {
    name: resource,
    singularName: name.toLowerCase(),
    namespaced,
    kind: name,
    verbs: kind.readOnly === true ? readVerbs : verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories === undefined ? {} : { categories }),
  };
  const part = (subresource: string, can: string[]) => ({
    name: `${resource}/${subresource}`,
    singularName: "",
    namespaced,
    kind: name,
    verbs: can,
  });
  return [
    main,
    ...(kind.status ? [part("status", ["get", "patch", "update"])] : []),
    ...(resource === "pods" ? [part("log", ["get"])] : []),
  ];
}

const reviews = {
  name: "selfsubjectaccessreviews",
  singularName: "selfsubjectaccessreview",
  namespaced: false,
  kind: "SelfSubjectAccessReview",
  verbs: ["create"],
};

function resourceList(group: string, version: string, resources: object[]): object {
  const groupVersion = group === "" ? version : `${group}/${version}`;
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

function groupOf(name: string): object {
  const version = { groupVersion: `${name}/v1`, version: "v1" };
  return { name, versions: [version], preferredVersion: version };
}

/** The version that the answers imitate. */
export const serverVersion = {
  major: "1",
  minor: "34",
  gitVersion: "v1.34.2+kube-sandbox",
  gitCommit: "",
  gitTreeState: "",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "kube-sandbox",
  platform: `${process.platform}/${process.arch}`,
};

const documents: Record<string, object> = {
  ...openapiDocuments,
  "/version": serverVersion,
  "/api": { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] },
  "/apis": {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [...groups, "authorization.k8s.io"].map(groupOf),
  },
  "/api/v1": resourceList("", "v1", kinds.filter((kind) => kind.group === "").flatMap(entry)),
  "/apis/authorization.k8s.io/v1": resourceList("authorization.k8s.io", "v1", [reviews]),
  ...Object.fromEntries(
    groups.map((group) => [
      `/apis/${group}/v1`,
      resourceList(group, "v1", kinds.filter((kind) => kind.group === group).flatMap(entry)),
    ]),
  ),
};

/** The discovery document at a path, if there is one. */
export function discoveryDocument(path: string): object | undefined {
  return documents[path.replace(/\/$/, "")];
}
