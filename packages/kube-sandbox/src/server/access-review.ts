import { ApiRefusal, badRequest } from "./api-status.ts";
import { type DeniedPermission, isDenied } from "./authorize.ts";

interface Review {
  readonly spec?: {
    readonly resourceAttributes?: {
      readonly verb?: string;
      readonly group?: string;
      readonly resource?: string;
      readonly subresource?: string;
      readonly namespace?: string;
      readonly name?: string;
    };
  };
}

/** Answers a SelfSubjectAccessReview by the same rules that requests are held to. */
export function reviewAccess(body: string, denied: readonly DeniedPermission[]): object {
  let review: Review;
  try {
    review = JSON.parse(body) as Review;
  } catch {
    const message =
      "the body of the request was in an unknown format - accepted media types include: application/json";
    throw new ApiRefusal(415, "UnsupportedMediaType", message);
  }
  const asked = review.spec?.resourceAttributes;
  if (asked === undefined) throw badRequest("kube-sandbox reviews resourceAttributes only");
  const { verb = "", resource = "", group = "", subresource, namespace, name } = asked;
  const refused = isDenied(denied, {
    verb,
    resource,
    group,
    subresource: subresource || undefined,
    namespace,
    name,
  });
  return {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec: review.spec,
    status: { allowed: !refused, ...(refused ? { reason: "denied by kube-sandbox" } : {}) },
  };
}
