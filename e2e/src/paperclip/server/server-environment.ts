import { randomBytes } from "node:crypto";
import { pathWithWorkspaceNode } from "../../processes/workspace-node.ts";

/** What the environment of a server is made of. */
export interface ServerEnvironmentOptions {
  /** The suite's own environment, of which only what npm needs is passed on. */
  readonly env: NodeJS.ProcessEnv;
  readonly port: number;
  /** `PAPERCLIP_HOME`: everything that the server keeps. */
  readonly home: string;
  /** `HOME` and `TMPDIR`. */
  readonly userHome: string;
  readonly temporary: string;
  readonly configFile: string;
  /** The registry that adapter installs use. */
  readonly registry: string;
  /** The address at which pods reach the server, if they do. */
  readonly podAddress: string | undefined;
  /** Added last; `undefined` takes a variable away. */
  readonly extra?: NodeJS.ProcessEnv;
}

/** Certificates and proxies: without them the server's own `npm install` of an adapter fails, and says nothing more. */
const PASSED_ON =
  /^(NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy|npm_config_(cafile|ca|strict_ssl|https?_proxy|noproxy))$/i;

/** The whole environment of a headless server. No variable of the developer's shell reaches an agent. */
export function serverEnvironment(options: ServerEnvironmentOptions): NodeJS.ProcessEnv {
  const { env, port, home, userHome, temporary, configFile, registry, podAddress, extra } = options;
  const passedOn = Object.fromEntries(Object.entries(env).filter(([name]) => PASSED_ON.test(name)));
  const reachable = podAddress && {
    PAPERCLIP_ALLOWED_HOSTNAMES: podAddress,
    PAPERCLIP_API_URL: `http://${podAddress}:${port}`,
  };
  return {
    ...passedOn,
    PATH: pathWithWorkspaceNode(env),
    LANG: "C.UTF-8",
    NODE_ENV: "production",
    HOME: userHome,
    TMPDIR: temporary,
    HOST: "127.0.0.1",
    PORT: String(port),
    PAPERCLIP_HOME: home,
    PAPERCLIP_CONFIG: configFile,
    PAPERCLIP_DEPLOYMENT_MODE: "local_trusted",
    PAPERCLIP_AGENT_JWT_SECRET: randomBytes(32).toString("hex"),
    BETTER_AUTH_SECRET: randomBytes(32).toString("hex"),
    PAPERCLIP_MIGRATION_AUTO_APPLY: "true",
    PAPERCLIP_MIGRATION_PROMPT: "never",
    PAPERCLIP_DB_BACKUP_ENABLED: "false",
    PAPERCLIP_ANNOUNCEMENTS_ENABLED: "false",
    PAPERCLIP_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    // The least that the server takes: reaper and retries tick faster than by default.
    HEARTBEAT_SCHEDULER_INTERVAL_MS: "10000",
    npm_config_registry: registry,
    ...reachable,
    ...extra,
  };
}

/** The server's config file: it fixes the port of Postgres, whose default collides between servers. */
export function serverConfig(home: string, postgresPort: number): string {
  return JSON.stringify({
    $meta: { version: 1, updatedAt: "2026-01-01T00:00:00.000Z", source: "onboard" },
    database: {
      mode: "embedded-postgres",
      embeddedPostgresPort: postgresPort,
      embeddedPostgresDataDir: `${home}/instances/default/db`,
    },
    logging: { mode: "file" },
    server: {},
    telemetry: { enabled: false },
  });
}
