// Parts of requests, right and wrong.
import * as fc from "fast-check";

export const methods = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
const names = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "t",
    "..",
    "",
    "%2e%2e",
    "%zz",
    "a%2Fb",
    "A_b",
    "x".repeat(300),
    "__proto__",
    "constructor",
  ),
  fc.string({ maxLength: 8 }).map(encodeURIComponent),
);
const resources = fc.constantFrom(
  ...["pods", "secrets", "configmaps", "events", "persistentvolumeclaims", "serviceaccounts", "nodes"],
  ...["namespaces", "deployments", "__proto__", "toString", ""],
);
export const paths = fc.oneof(
  fc
    .tuple(fc.constantFrom("t", "none", "%00"), resources)
    .map(([at, what]) => `/api/v1/namespaces/${at}/${what}`),
  fc.tuple(resources, names).map(([what, name]) => `/api/v1/namespaces/t/${what}/${name}`),
  fc
    .tuple(resources, names, fc.constantFrom("log", "status", "exec", "scale", "eviction", "binding"))
    .map(([what, name, part]) => `/api/v1/namespaces/t/${what}/${name}/${part}`),
  fc
    .tuple(
      fc.constantFrom("batch/v1", "coordination.k8s.io/v1", "x/v2", "authorization.k8s.io/v1"),
      fc.constantFrom("jobs", "leases", "selfsubjectaccessreviews"),
      names,
    )
    .map(([group, what, name]) => `/apis/${group}/namespaces/t/${what}/${name}`),
  fc.constantFrom(
    "/",
    "/api",
    "/apis",
    "/apis/batch/v1",
    "/openapi/v3/api/v1",
    "/version",
    "/readyz",
    "//",
    "/api/v1/watch/pods",
  ),
  fc.array(names, { maxLength: 7 }).map((parts) => `/${parts.join("/")}`),
);
const values = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "1",
    "-1",
    "true",
    "All",
    "Strict",
    "abc",
    "a=b",
    "a in (b",
    "!!",
    "999999999",
    "1e9",
    "Foreground",
    "%00",
  ),
  fc.string({ maxLength: 12 }),
);
const parameters = fc.constantFrom(
  ...[
    "limit",
    "continue",
    "resourceVersion",
    "resourceVersionMatch",
    "labelSelector",
    "fieldSelector",
    "dryRun",
  ],
  ...[
    "fieldValidation",
    "propagationPolicy",
    "gracePeriodSeconds",
    "sendInitialEvents",
    "allowWatchBookmarks",
  ],
  ...[
    "container",
    "tailLines",
    "limitBytes",
    "sinceSeconds",
    "sinceTime",
    "previous",
    "timestamps",
    "orphanDependents",
  ],
);
export const queries = fc
  .dictionary(parameters, values, { maxKeys: 4 })
  .map((query) => new URLSearchParams({ ...query, timeoutSeconds: "1" }).toString());

const leaf = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 40, "", "a", "Never", "1Gi", "cpu", "2026-01-01T00:00:00Z"),
  fc.string({ maxLength: 6 }),
);
const fields = fc.constantFrom(
  ...[
    "metadata",
    "name",
    "namespace",
    "labels",
    "annotations",
    "finalizers",
    "ownerReferences",
    "uid",
    "spec",
    "status",
  ],
  ...[
    "template",
    "containers",
    "initContainers",
    "image",
    "command",
    "env",
    "value",
    "valueFrom",
    "secretKeyRef",
    "key",
  ],
  ...[
    "volumes",
    "volumeMounts",
    "mountPath",
    "emptyDir",
    "secret",
    "items",
    "resources",
    "limits",
    "requests",
    "cpu",
  ],
  ...[
    "data",
    "stringData",
    "type",
    "immutable",
    "restartPolicy",
    "suspend",
    "parallelism",
    "completions",
    "backoffLimit",
  ],
  ...[
    "selector",
    "matchLabels",
    "accessModes",
    "involvedObject",
    "resourceAttributes",
    "preconditions",
    "dryRun",
  ],
  ...[
    "propagationPolicy",
    "op",
    "path",
    "from",
    "$patch",
    "kind",
    "apiVersion",
    "securityContext",
    "tolerations",
  ],
);
export const { json: bodies } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "medium" },
    leaf,
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fields, tie("json"), { maxKeys: 5 }),
  ),
}));
const object = fc
  .tuple(
    fc.record(
      { name: fc.constantFrom("a", "b"), labels: bodies, ownerReferences: bodies, finalizers: bodies },
      { requiredKeys: ["name"] },
    ),
    fc.dictionary(fields, bodies, { maxKeys: 4 }),
  )
  .map(([metadata, rest]) => ({ ...rest, metadata }));
export const texts = fc.oneof(
  { weight: 4, arbitrary: object.map((body) => JSON.stringify(body)) },
  { weight: 4, arbitrary: bodies.map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: fc.constantFrom("", "{", "nul", "\0", "[]", "null", '"x"', "{}") },
  { weight: 1, arbitrary: fc.string() },
);
export const types = fc.constantFrom(
  ...["application/json", "application/merge-patch+json", "application/json-patch+json", "text/plain", ""],
  ...[
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
    "application/vnd.kubernetes.protobuf",
  ],
);
export const accepts = fc.constantFrom(
  "application/json",
  "*/*",
  "text/html",
  "application/json;as=Table;v=v1;g=meta.k8s.io",
  ";;",
  "",
);
