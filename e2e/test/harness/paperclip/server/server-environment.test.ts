import { expect, test } from "vitest";
import { serverEnvironment } from "../../../../src/paperclip/server/server-environment.ts";

const options = {
  port: 3100,
  home: "/h",
  userHome: "/u",
  temporary: "/t",
  configFile: "/c",
  registry: "http://127.0.0.1:4873/",
};

test("K4 no variable of the developer's shell reaches the server, except what npm needs", () => {
  const env = {
    ANTHROPIC_API_KEY: "key",
    DATABASE_URL: "postgres://",
    NODE_OPTIONS: "--x",
    npm_config__authToken: "t",
    NODE_EXTRA_CA_CERTS: "/ca.crt",
    HTTPS_PROXY: "http://proxy",
  };
  const environment = serverEnvironment({ ...options, env, podAddress: undefined });
  expect(environment).toMatchObject({ NODE_EXTRA_CA_CERTS: "/ca.crt", HTTPS_PROXY: "http://proxy" });
  for (const name of ["ANTHROPIC_API_KEY", "DATABASE_URL", "NODE_OPTIONS", "npm_config__authToken"])
    expect(environment).not.toHaveProperty(name);
});

test("a server that pods reach allows their host name and tells agents its address", () => {
  const environment = serverEnvironment({ ...options, env: {}, podAddress: "10.0.0.1" });
  expect(environment).toMatchObject({
    PAPERCLIP_ALLOWED_HOSTNAMES: "10.0.0.1",
    PAPERCLIP_API_URL: "http://10.0.0.1:3100",
  });
});

test("a variable can be taken away", () => {
  const extra = { PAPERCLIP_AGENT_JWT_SECRET: undefined };
  const environment = serverEnvironment({ ...options, env: {}, podAddress: undefined, extra });
  expect(environment["PAPERCLIP_AGENT_JWT_SECRET"]).toBeUndefined();
});
