import { describe, expect, it } from "vitest";
import { inheritedEnvironment } from "../../src/environment/inherited-environment.ts";
import { fc } from "../support/property.ts";

const secrets = [
  "DATABASE_URL",
  "DATABASE_MIGRATION_URL",
  "BETTER_AUTH_SECRET",
  "PAPERCLIP_AGENT_JWT_SECRET",
  "PAPERCLIP_SECRETS_MASTER_KEY",
  "PAPERCLIP_API_KEY",
  "PGPASSWORD",
  "POSTGRES_PASSWORD",
  "NPM_TOKEN",
  "NODE_AUTH_TOKEN",
  "npm_config__authToken",
  "RUN_LOG_S3_SECRET_ACCESS_KEY",
  "SLACK_SIGNING_SECRET",
  "SESSION_SECRET",
  "KUBECONFIG",
  "SENTRY_DSN",
];

const hostEnvironment = {
  ANTHROPIC_API_KEY: "key",
  HTTPS_PROXY: "http://proxy",
  no_proxy: "local",
  LC_ALL: "C.UTF-8",
  GIT_AUTHOR_NAME: "Agent",
  SSL_CERT_FILE: "/ca.pem",
  PATH: "/bin",
  HOME: "/root",
  KUBERNETES_SERVICE_HOST: "10.0.0.1",
  WEB_PORT_80_TCP_ADDR: "10.0.0.2",
  TEAM: "a",
  "BASH_FUNC_x%%": "() { :; }",
  AWS_SECRET_ACCESS_KEY: "aws",
  GONE: undefined,
  ...Object.fromEntries(secrets.map((name) => [name, "secret"])),
};

describe("what an agent inherits", () => {
  it("is an allow-list by default", () => {
    expect(inheritedEnvironment({ hostEnvironment, mode: "providers", names: ["ANTHROPIC_*"] })).toEqual({
      ANTHROPIC_API_KEY: "key",
      HTTPS_PROXY: "http://proxy",
      no_proxy: "local",
      LC_ALL: "C.UTF-8",
      GIT_AUTHOR_NAME: "Agent",
      SSL_CERT_FILE: "/ca.pem",
    });
  });

  it("is nothing when the config says so", () => {
    expect(inheritedEnvironment({ hostEnvironment, mode: "none", names: ["ANTHROPIC_*"] })).toEqual({});
  });

  it("is everything else in the mode all, but for what names the host's machine", () => {
    const names = Object.keys(inheritedEnvironment({ hostEnvironment, mode: "all", names: [] }));
    expect(names).toEqual(
      expect.arrayContaining(["ANTHROPIC_API_KEY", "TEAM", "AWS_SECRET_ACCESS_KEY", "GIT_AUTHOR_NAME"]),
    );
    for (const name of [
      "PATH",
      "HOME",
      "KUBERNETES_SERVICE_HOST",
      "WEB_PORT_80_TCP_ADDR",
      "BASH_FUNC_x%%",
      "GONE",
    ]) {
      expect(names).not.toContain(name);
    }
  });

  it("K4: never holds a secret of the host, in any mode, even if an agent asks for it", () => {
    const mode = fc.constantFrom("providers" as const, "all" as const, "none" as const);
    const names = fc.subarray(["*", ...secrets]);
    fc.assert(
      fc.property(mode, names, (mode, names) => {
        const inherited = inheritedEnvironment({ hostEnvironment, mode, names });
        expect(Object.values(inherited)).not.toContain("secret");
      }),
    );
  });

  it("has conditional names only where their switch is on, in the host's variables or the config's", () => {
    const names = [{ when: "CLAUDE_CODE_USE_BEDROCK", names: ["AWS_*"] }];
    const read = (host: object, configEnvironment: Record<string, string>) =>
      inheritedEnvironment({
        hostEnvironment: { ...hostEnvironment, ...host },
        mode: "providers",
        names,
        configEnvironment,
      });
    expect(read({}, {})).not.toHaveProperty("AWS_SECRET_ACCESS_KEY");
    expect(read({ CLAUDE_CODE_USE_BEDROCK: "1" }, {})).toHaveProperty("AWS_SECRET_ACCESS_KEY");
    expect(read({}, { CLAUDE_CODE_USE_BEDROCK: "true" })).toHaveProperty("AWS_SECRET_ACCESS_KEY");
    expect(read({ CLAUDE_CODE_USE_BEDROCK: "1" }, { CLAUDE_CODE_USE_BEDROCK: "0" })).not.toHaveProperty(
      "AWS_SECRET_ACCESS_KEY",
    );
  });
});
