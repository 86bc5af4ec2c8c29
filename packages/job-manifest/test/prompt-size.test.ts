import { expect, test } from "vitest";
import { buildJob, buildSecret, promptPlacement } from "../src/index.ts";
import { exampleSpec } from "./example-spec.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const owner = { jobName: "job", jobUid: "uid" };

test.each([127 * KIB, 129 * KIB, 300 * KIB])("K2 a prompt of %i bytes travels in the Secret", (bytes) => {
  expect(promptPlacement(exampleSpec({ prompt: "p".repeat(bytes) }))).toEqual({ kind: "secret", bytes });
});

test("K2 a prompt of 1.2 MiB goes into a file that only the pod's user may read, and the pod reads it there", () => {
  const spec = exampleSpec({ prompt: "p".repeat(1.2 * MIB) });
  expect(promptPlacement(spec)).toMatchObject({
    kind: "file",
    name: `${spec.identity.runId}.pod.prompt`,
    mode: 0o600,
  });
  const pod = buildJob(spec).spec!.template.spec!;
  expect(pod.containers[0]!.env!.find((entry) => entry.name === "AGENT_RUN_PROMPT")!.value).toBe(
    `/paperclip/${spec.runDirectory}/${spec.identity.runId}.pod.prompt`,
  );
  expect(buildSecret(spec, owner).data).not.toHaveProperty("prompt");
  // A Secret volume without items would show every variable as a file.
  expect(pod.volumes!.map((volume) => volume.name)).toEqual(["paperclip", "tmp"]);
});

test("K2 a prompt of 40 MiB is refused by name", () => {
  expect(() => buildJob(exampleSpec({ prompt: "p".repeat(40 * MIB) }))).toThrow(
    expect.objectContaining({ code: "prompt_too_large", field: "prompt" }),
  );
});

test("the Secret's 1 MiB is shared: one byte too many moves the prompt into a file", () => {
  const files = { big: "f".repeat(MIB - 100) };
  const environment = { KEY: "v".repeat(40) };
  expect(promptPlacement(exampleSpec({ files, environment, prompt: "p".repeat(60) })).kind).toBe("secret");
  expect(promptPlacement(exampleSpec({ files, environment, prompt: "p".repeat(61) })).kind).toBe("file");
  expect(promptPlacement(exampleSpec({ files, environment, prompt: "ü".repeat(31) })).kind).toBe("file");
});

test("a second attempt has a prompt file of its own", () => {
  const base = exampleSpec({ prompt: "p".repeat(2 * MIB) });
  const spec = { ...base, identity: { ...base.identity, attempt: 2 } };
  expect(promptPlacement(spec)).toMatchObject({ name: `${spec.identity.runId}.2.pod.prompt` });
});

test("environment and files that do not fit without the prompt are refused", () => {
  expect(() => buildJob(exampleSpec({ files: { big: "f".repeat(MIB) } }))).toThrow(
    expect.objectContaining({ code: "secret_too_large" }),
  );
});
