import type { V1Job, V1SecurityContext } from "@kubernetes/client-node";
import { buildJob, buildSecret, JobManifestError } from "@paperclip-k8s/job-manifest";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { SECRET_MARK, validSpec } from "../../../packages/job-manifest/test/support/random-spec.ts";
import { wildSpec } from "../../../packages/job-manifest/test/support/wild-spec.ts";
import { describePods } from "../../src/pod-run/describe-pods.ts";
import { type DryRun, dryRunIn } from "../../src/pod-run/dry-run.ts";
import { podRunSpec, sh } from "../../src/pod-run/pod-run-spec.ts";

/** Descriptions a property; `RUNS` asks for more, `SEED` for others. */
const RUNS = Number(process.env["RUNS"] ?? 300);
const SEED = Number(process.env["SEED"] ?? 20_260_101);
const PARAMETERS = { numRuns: RUNS, seed: SEED };
const WITHIN_MS = 60_000 + RUNS * 200;
const OWNER = { jobName: "job", jobUid: "7c9e6679-0000-4000-8000-000000000000" };

describePods("the API server's strict dry run", (pods) => {
  let dryRun: DryRun;
  beforeAll(() => {
    dryRun = dryRunIn(pods.namespace);
  });

  test(
    `takes Job, Secret and pod of each of ${RUNS} random valid descriptions, in a restricted namespace (SEED=${SEED})`,
    async () => {
      const isTaken = fc.asyncProperty(validSpec({ namespace: pods.namespace.name }), async (spec) => {
        const job = buildJob(spec);
        expect(JSON.stringify(job)).not.toContain(SECRET_MARK);
        await Promise.all([dryRun.job(job), dryRun.secret(buildSecret(spec, OWNER)), dryRun.podOf(job)]);
      });
      await fc.assert(isTaken, PARAMETERS);
    },
    WITHIN_MS,
  );

  test(
    `takes what the builder takes of ${RUNS} random descriptions with something wrong in them (SEED=${SEED})`,
    async () => {
      const isTaken = fc.asyncProperty(wildSpec({ namespace: pods.namespace.name }), async ({ spec }) => {
        const job = builtOrRefused(spec);
        if (job !== undefined) await Promise.all([dryRun.job(job), dryRun.podOf(job)]);
      });
      await fc.assert(isTaken, PARAMETERS);
    },
    WITHIN_MS,
  );

  test("takes a default run, with nothing secret in it, and its pod at the restricted level", async () => {
    const command = sh("exit 0");
    const secrets = { prompt: "prompt-hunter2", environment: { API_KEY: "key-hunter2" } };
    const spec = podRunSpec({ namespace: pods.namespace, image: "agent:1", command, ...secrets });
    const job = buildJob(spec);
    await Promise.all([dryRun.job(job), dryRun.secret(buildSecret(spec, OWNER)), dryRun.podOf(job)]);
    expect(JSON.stringify(job)).not.toContain("hunter2");
    const literals = job.spec?.template.spec?.containers
      .flatMap(({ env = [] }) => env)
      .filter(({ value }) => value);
    expect(literals?.every(({ name }) => name.startsWith("AGENT_RUN_"))).toBe(true);
  });

  test.for<[string, V1SecurityContext]>([
    ["a capability", { capabilities: { drop: ["ALL"], add: ["NET_RAW"] } }],
    ["an escalation", { allowPrivilegeEscalation: true }],
    ["root", { runAsUser: 0 }],
    ["an unconfined profile", { seccompProfile: { type: "Unconfined" } }],
  ])("refuses the same pod with %s: the level is enforced", async ([, weaker]) => {
    const job = buildJob(podRunSpec({ namespace: pods.namespace, image: "agent:1", command: sh("exit 0") }));
    await expect(dryRun.podOf(weakened(job, weaker))).rejects.toThrow(/violates PodSecurity "restricted/);
  });

  test("refuses the same Job with a field that nobody knows: the validation is strict", async () => {
    const job = buildJob(podRunSpec({ namespace: pods.namespace, image: "agent:1", command: sh("exit 0") }));
    const unknown = { ...job, spec: { ...job.spec, backofLimit: 1 } } as V1Job;
    await expect(dryRun.job(unknown)).rejects.toThrow(/unknown field "spec\.backofLimit"/);
  });
});

function builtOrRefused(spec: Parameters<typeof buildJob>[0]): V1Job | undefined {
  try {
    return buildJob(spec);
  } catch (error) {
    if (error instanceof JobManifestError) return undefined;
    throw error;
  }
}

function weakened(job: V1Job, weaker: V1SecurityContext): V1Job {
  const changed = structuredClone(job);
  const [agent] = changed.spec!.template.spec!.containers;
  Object.assign(agent!.securityContext!, weaker);
  return changed;
}
