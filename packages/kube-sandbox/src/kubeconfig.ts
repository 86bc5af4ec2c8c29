/** A kubeconfig with one context. JSON is YAML, so this text is both. */
export function kubeconfigText(options: {
  readonly url: string;
  readonly token: string;
  readonly namespace: string;
}): string {
  const name = "kube-sandbox";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    // Clients refuse plain HTTP unless they are told that it is meant.
    clusters: [{ name, cluster: { server: options.url, "insecure-skip-tls-verify": true } }],
    users: [{ name, user: { token: options.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: options.namespace } }],
    "current-context": name,
    preferences: {},
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** The address with the token in it: kubectl sends no credentials over plain HTTP. */
export function addressWithToken(url: string, token: string): string {
  return `${url}/as/${token}`;
}
