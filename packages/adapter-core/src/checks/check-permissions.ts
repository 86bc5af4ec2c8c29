import type { V1SelfSubjectAccessReview } from "@kubernetes/client-node";
import type { KubeTransport } from "@paperclip-k8s/job-supervisor";
import type { AdapterEnvironmentCheck } from "@paperclipai/adapter-utils/types";
import { failed, messageOf, passed, warned } from "./check.ts";

interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** What a run cannot do without it; null: it runs, with poorer messages. */
  readonly neededTo: string | null;
}

/** The rights that a run uses, each with what it is for. */
export const REQUIRED_RIGHTS: readonly Right[] = [
  { group: "batch", resource: "jobs", verb: "create", neededTo: "start a run" },
  { group: "batch", resource: "jobs", verb: "get", neededTo: "take up a launch that was interrupted" },
  {
    group: "batch",
    resource: "jobs",
    verb: "list",
    neededTo: "see whether another run of the agent is live",
  },
  { group: "batch", resource: "jobs", verb: "watch", neededTo: "follow runs" },
  { group: "batch", resource: "jobs", verb: "patch", neededTo: "resume a Job once its Secret is there" },
  { group: "batch", resource: "jobs", verb: "delete", neededTo: "cancel and clean up" },
  { group: "", resource: "pods", verb: "list", neededTo: "follow runs" },
  { group: "", resource: "pods", verb: "watch", neededTo: "follow runs" },
  { group: "", resource: "secrets", verb: "create", neededTo: "hand prompt and credentials to the pod" },
  { group: "", resource: "secrets", verb: "delete", neededTo: "take the Secret from a retained Job" },
  // Of the host's own pod, which may lie in this namespace or in another: the config can say it all.
  { group: "", resource: "pods", verb: "get", neededTo: null },
  { group: "", resource: "events", verb: "list", neededTo: null },
  { group: "", resource: "persistentvolumeclaims", verb: "get", neededTo: null },
];

/** Asks for each right by a SelfSubjectAccessReview, which everybody may create. */
export async function checkPermissions(
  transport: KubeTransport,
  namespace: string,
): Promise<AdapterEnvironmentCheck[]> {
  try {
    const answers = await Promise.all(
      REQUIRED_RIGHTS.map(async (right) => ({
        right,
        allowed: await isAllowed(transport, namespace, right),
      })),
    );
    const denied = answers.filter(({ allowed }) => !allowed).map(({ right }) => right);
    if (denied.length === 0)
      return [passed("permissions", `The host has all rights that a run needs in ${namespace}.`)];
    return denied.map((right) => checkOf(right, namespace));
  } catch (error) {
    return [
      warned(
        "permissions",
        "The host's rights could not be asked for.",
        "Check the API server.",
        messageOf(error),
      ),
    ];
  }
}

function checkOf({ group, resource, verb, neededTo }: Right, namespace: string): AdapterEnvironmentCheck {
  const code = `permission_${resource}_${verb}`;
  const rule = `{apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["${verb}"]}`;
  const hint = `Add the rule ${rule} to the host's Role in ${namespace}.`;
  if (neededTo === null)
    return warned(
      code,
      `The host may not ${verb} ${resource} in ${namespace}; messages will say less.`,
      hint,
    );
  return failed(
    code,
    `The host may not ${verb} ${resource} in ${namespace}, which it needs to ${neededTo}.`,
    hint,
  );
}

async function isAllowed(transport: KubeTransport, namespace: string, right: Right): Promise<boolean> {
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: { namespace, verb: right.verb, group: right.group, resource: right.resource },
    },
  };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const review = await transport.json<V1SelfSubjectAccessReview>({ method: "POST", path, body });
  return review.status?.allowed === true;
}
