import fc from "fast-check";
import { expect, test } from "vitest";
import { buildSecret } from "../src/index.ts";
import { exampleSpec } from "./example-spec.ts";

const owner = { jobName: "ex-job", jobUid: "7c9e6679-0000-4000-8000-000000000000" };

test("the Secret looks like this", () => {
  expect(buildSecret(exampleSpec({ files: { "mcp.json": "{}" } }), owner)).toMatchSnapshot();
});

test("K1 it is immutable and owned by the Job from the moment it exists", () => {
  const secret = buildSecret(exampleSpec(), owner);
  expect(secret.immutable).toBe(true);
  expect(secret.metadata!.ownerReferences).toEqual([
    {
      apiVersion: "batch/v1",
      kind: "Job",
      name: owner.jobName,
      uid: owner.jobUid,
      controller: false,
      blockOwnerDeletion: false,
    },
  ]);
});

test("every text comes out of it unchanged", () => {
  const text = fc.string({ unit: "binary", maxLength: 200 });
  fc.assert(
    fc.property(text, text, text, (prompt, value, file) => {
      const environment = { VALUE: value.replaceAll("\0", "") };
      const { data } = buildSecret(exampleSpec({ prompt, environment, files: { file } }), owner);
      const decoded = (key: string) => Buffer.from(data![key]!, "base64").toString("utf8");
      expect(decoded("prompt")).toBe(prompt);
      expect(decoded("env.VALUE")).toBe(environment.VALUE);
      expect(decoded("file.file")).toBe(file);
    }),
    { seed: 1, numRuns: 200 },
  );
});
