/** Names of variables that any agent may inherit. A trailing `*` matches a prefix. */
export const commonNames: readonly string[] = [
  // Proxies, in both spellings: programs do not agree on one.
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
  // Certificates.
  ...[
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
  ],
  // Locale.
  ...["LANG", "LANGUAGE", "LC_*", "TZ"],
  // Git identity.
  ...["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"],
];

/** What the host needs for itself and an agent never gets, whatever is asked for. */
const hostSecrets: readonly RegExp[] = [
  // The run's own variables of this prefix are made anew; the host's hold its keys, its database and its storage.
  /^PAPERCLIP/u,
  /DATABASE_(.*_)?(URL|URI|PASS)|CONNECTION_STRING|_DSN$/u,
  /^PG[A-Z]+$/u,
  /^(POSTGRES|MYSQL|MONGO|MONGODB|REDIS|SMTP|MAIL|SENTRY|STRIPE|BETTER_AUTH|AUTH|OAUTH|RUN_LOG|S3|STORAGE|BACKUP)_/u,
  /(JWT|SESSION|COOKIE|WEBHOOK|SIGNING|ENCRYPTION|MASTER|PRIVATE|CLIENT)_?(SECRET|KEY|PASSPHRASE)/u,
  /^(SECRET|SECRET_KEY|KEY|PASSWORD|KUBECONFIG|VAULT_.*|DOCKER_.*)$/u,
  /^(NPM|NODE_AUTH|YARN|PNPM|CARGO|PYPI|TWINE)_?(CONFIG_|.*TOKEN|.*PASSWORD)/u,
];

/** What describes the host's machine, process or pod, and is wrong in another. */
const hostPlace: readonly RegExp[] = [
  /^(PATH|HOME|PWD|OLDPWD|SHELL|SHLVL|USER|LOGNAME|HOSTNAME|TERM|_|HOST|PORT|NODE_ENV|NODE_OPTIONS|NVM_.*)$/u,
  /^(TMPDIR|TMP|TEMP|XDG_.*|INIT_CWD|SERVE_UI|HEARTBEAT_.*|POD_NAME|POD_NAMESPACE|AGENT_HOME|AGENT_RUN_.*)$/u,
  // The service links of the host's namespace.
  /^KUBERNETES_|_(SERVICE_(HOST|PORT).*|PORT_\d+_(TCP|UDP).*)$|_PORT$/u,
];

/** Whether a variable of the host is its secret. */
export function isHostSecret(name: string): boolean {
  return hostSecrets.some((pattern) => pattern.test(name.toUpperCase()));
}

/** Whether a variable of the host says something of its machine, process or pod only. */
export function isHostPlace(name: string): boolean {
  return hostPlace.some((pattern) => pattern.test(name.toUpperCase()));
}
