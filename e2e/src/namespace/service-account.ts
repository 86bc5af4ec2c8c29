import { chown, writeFile } from "node:fs/promises";
import type { ClusterClients } from "../cluster/clients.ts";
import { ADAPTER_RIGHTS } from "./adapter-rights.ts";

/** A service account with the adapter's rights in one namespace. */
export interface ServiceAccountOptions {
  readonly clients: ClusterClients;
  readonly namespace: string;
  /** Also the name of its Role and RoleBinding. */
  readonly name: string;
  /** Where its kubeconfig is written, mode 0600. */
  readonly kubeconfigFile: string;
  /** The kubeconfig's owner, so that an unprivileged host can read it; undefined: the suite's own user. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** How long the token holds, s: longer than any suite, since nothing renews it. */
const TOKEN_SECONDS = 24 * 3600;

/** Makes the account, its Role and binding, and a kubeconfig with a token of it. */
export async function createServiceAccount(options: ServiceAccountOptions): Promise<void> {
  const { clients, namespace, name, kubeconfigFile, owner } = options;
  const metadata = { name };
  await clients.core.createNamespacedServiceAccount({ namespace, body: { metadata } });
  await clients.rbac.createNamespacedRole({ namespace, body: { metadata, rules: [...ADAPTER_RIGHTS] } });
  await clients.rbac.createNamespacedRoleBinding({
    namespace,
    body: {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  });
  const request = await clients.core.createNamespacedServiceAccountToken({
    name,
    namespace,
    body: { spec: { audiences: [], expirationSeconds: TOKEN_SECONDS } },
  });
  await writeFile(kubeconfigFile, kubeconfigText(options, request.status?.token ?? ""), { mode: 0o600 });
  if (owner !== undefined) await chown(kubeconfigFile, owner.uid, owner.gid);
}

/** JSON, which every reader of YAML takes. */
function kubeconfigText(options: ServiceAccountOptions, token: string): string {
  const { clients, namespace, name } = options;
  const current = clients.config.getCurrentCluster();
  const cluster = {
    server: current?.server,
    "certificate-authority-data": current?.caData,
    "certificate-authority": current?.caFile,
    "insecure-skip-tls-verify": current?.skipTLSVerify || undefined,
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
  });
}
