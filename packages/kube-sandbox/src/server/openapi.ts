// As much OpenAPI as kubectl needs to leave the validation of fields to the server.
import { apiVersionOf, kinds } from "../resources/kinds.ts";

const root = (apiVersion: string): string => (apiVersion === "v1" ? "api/v1" : `apis/${apiVersion}`);
const versions = [...new Set(kinds.map(apiVersionOf))];

const pathsOf = (apiVersion: string): object =>
  Object.fromEntries(
    kinds
      .filter((kind) => apiVersionOf(kind) === apiVersion)
      .map(({ resource, group, version, kind }) => [
        `/${root(apiVersion)}/${resource}/{name}`,
        {
          patch: {
            parameters: [{ name: "fieldValidation", in: "query", schema: { type: "string" } }],
            responses: {},
            "x-kubernetes-group-version-kind": { group, version, kind },
          },
        },
      ]),
  );

/** The documents, by path. */
export const openapiDocuments: Readonly<Record<string, object>> = {
  "/openapi/v3": {
    paths: Object.fromEntries(
      versions.map((one) => [root(one), { serverRelativeURL: `/openapi/v3/${root(one)}?hash=1` }]),
    ),
  },
  ...Object.fromEntries(
    versions.map((one) => [
      `/openapi/v3/${root(one)}`,
      { openapi: "3.0.0", info: { title: "kube-sandbox", version: "1.34" }, paths: pathsOf(one) },
    ]),
  ),
};
