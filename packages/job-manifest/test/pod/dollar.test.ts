import fc from "fast-check";
import { expect, test } from "vitest";
import { buildJob } from "../../src/index.ts";
import { exampleSpec } from "../example-spec.ts";
import { kubernetesExpands } from "./kubernetes-expands.ts";

const tricky = fc
  .array(fc.constantFrom("$", "$$", "$(", ")", "(", "API_KEY", "$(API_KEY)", "$(UNSET)", "x", " ", "ü"), {
    maxLength: 14,
  })
  .map((parts) => parts.join(""));

test("K6 arguments survive Kubernetes' expansion of $ unchanged", () => {
  fc.assert(
    fc.property(fc.array(tricky, { maxLength: 5 }), (extra) => {
      const job = buildJob(exampleSpec({ command: ["agent-cli", ...extra] }));
      const { command } = job.spec!.template.spec!.containers[0]!;
      const delivered = command!.map((part) => kubernetesExpands(part, { API_KEY: "leaked" }));
      expect(delivered.slice(4)).toEqual(["agent-cli", ...extra]);
      expect(delivered[2]).toContain("[ $$ -eq 1 ]");
    }),
    { seed: 6, numRuns: 500 },
  );
});

test("paths with a $ survive as literal environment values too", () => {
  const job = buildJob(exampleSpec({ volume: { claimName: "shared", mountPath: "/data/$(HOME)/$$" } }));
  const entry = job.spec!.template.spec!.containers[0]!.env!.find(({ name }) => name === "AGENT_RUN_STDOUT");
  expect(kubernetesExpands(entry!.value!, { HOME: "x" })).toMatch(/^\/data\/\$\(HOME\)\/\$\$\/instances/);
});
