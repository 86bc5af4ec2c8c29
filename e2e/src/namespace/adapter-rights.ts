import type { V1PolicyRule } from "@kubernetes/client-node";

/**
 * Exactly what an adapter may do in its namespace, and what its Role in the documentation grants.
 *
 * Asking for one's own rights (SelfSubjectAccessReview) needs none of these.
 */
export const ADAPTER_RIGHTS: readonly V1PolicyRule[] = [
  { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "get", "list", "watch", "patch", "delete"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["secrets"], verbs: ["create", "delete"] },
  { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get"] },
];
