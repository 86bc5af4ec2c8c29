import { invalidValue } from "../resources/validate/field-errors.ts";
import { ApiRefusal, badRequest } from "./api-status.ts";
import { type DeniedPermission, isDenied } from "./authorize.ts";

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function read(body: string): Fields {
  try {
    const review: unknown = JSON.parse(body);
    if (isObject(review)) return review;
  } catch {
    // Falls through: it is no JSON, or no object.
  }
  const types = "accepted media types include: application/json";
  const message = `the body of the request was in an unknown format - ${types} (kube-sandbox reads no protobuf)`;
  throw new ApiRefusal(415, "UnsupportedMediaType", message);
}

function refuse(field: string, value: unknown, why: string): never {
  const cause = invalidValue(field, value, why);
  // The real API leaves the kind out here.
  const message = `.authorization.k8s.io "" is invalid: ${field}: ${cause.message}`;
  throw new ApiRefusal(422, "Invalid", message, { group: "authorization.k8s.io", causes: [cause] });
}

/** Answers a SelfSubjectAccessReview by the same rules that requests are held to. */
export function reviewAccess(body: string, denied: readonly DeniedPermission[]): object {
  const review = read(body);
  const spec = isObject(review["spec"]) ? review["spec"] : {};
  const { resourceAttributes: asked, nonResourceAttributes: other } = spec;
  if (asked === undefined && other === undefined) {
    const why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    refuse("spec.resourceAttributes", null, why);
  }
  if (!isObject(asked)) throw badRequest("kube-sandbox reviews spec.resourceAttributes, an object, only");
  const text = (name: string): string => {
    const value = asked[name] ?? "";
    if (typeof value === "string") return value;
    throw badRequest(`spec.resourceAttributes.${name} is no text: ${JSON.stringify(value)}`);
  };
  const refused = isDenied(denied, {
    ...{ verb: text("verb"), resource: text("resource"), group: text("group"), name: text("name") },
    subresource: text("subresource") || undefined,
    namespace: text("namespace") || undefined,
  });
  return {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec,
    status: { allowed: !refused, ...(refused ? { reason: "denied by kube-sandbox" } : {}) },
  };
}
