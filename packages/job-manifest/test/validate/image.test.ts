import { expect, test } from "vitest";
import { isImageReference } from "../../src/validate/syntax.ts";

const DIGEST = `sha256:${"0a".repeat(32)}`;

test.each([
  "agent",
  "agent:1",
  "team/agent:v1.2_3-rc",
  "localhost/agent",
  "registry.example.com/agent",
  "registry.example.com:5000/team/agent:1",
  "REGISTRY.example/agent",
  "127.0.0.1:5000/agent@sha256:0000000000000000000000000000000000000000000000000000000000000000",
  `agent@${DIGEST}`,
  `a__b/c-d.e/f--g:1@${DIGEST}`,
  "[fd00::1]:5000/agent:1",
])("the image %s is one", (image) => {
  expect(isImageReference(image)).toBe(true);
});

test.each([
  "",
  " agent",
  "agent ",
  "Agent",
  "team/Agent:1",
  "agent:",
  "agent:a b",
  "agent:-1",
  `agent:${"x".repeat(129)}`,
  "agent@sha256:12",
  "agent@",
  "/agent",
  "team//agent",
  "agent/",
  "-agent",
  "a___b",
  "http://registry.example/agent",
  "registry.example.com:port/agent",
  "agent\n",
  `${"x".repeat(256)}`,
  "agent:1:2",
])("the image %j is none", (image) => {
  expect(isImageReference(image)).toBe(false);
});
