import { KubeConfig } from "@kubernetes/client-node";
import { type KubeSandbox, startKubeSandbox } from "@paperclip-k8s/kube-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildJob, buildSecret, JobManifestError } from "../../src/index.ts";
import { validSpec } from "../support/random-spec.ts";
import { wildSpec } from "../support/wild-spec.ts";
import { REQUESTS, SEED, sample, TIME_MS } from "./property.ts";

const NAMESPACE = "agents";
const OWNER = { jobName: "job", jobUid: "7c9e6679-0000-4000-8000-000000000000" };
let sandbox: KubeSandbox;
let token: string;

beforeAll(async () => {
  sandbox = await startKubeSandbox({ namespaces: [NAMESPACE], requestLog: false });
  const config = new KubeConfig();
  config.loadFromString(sandbox.kubeconfig);
  token = config.getCurrentUser()!.token!;
}, TIME_MS);
afterAll(() => sandbox.close());

test(
  `the sandbox takes the Job and the Secret of each of ${REQUESTS} random descriptions (SEED=${SEED})`,
  async () => {
    for (const spec of sample(validSpec({ namespace: NAMESPACE }), REQUESTS)) {
      await accepted(`/apis/batch/v1/namespaces/${NAMESPACE}/jobs`, buildJob(spec));
      await accepted(`/api/v1/namespaces/${NAMESPACE}/secrets`, buildSecret(spec, OWNER));
    }
  },
  TIME_MS,
);

test(
  `of ${REQUESTS} random wrong descriptions each is refused by the field's name, or the sandbox takes it (SEED=${SEED})`,
  async () => {
    let refused = 0;
    for (const { spec, path } of sample(wildSpec({ namespace: NAMESPACE }), REQUESTS)) {
      const job = jobOrRefusal(spec);
      if (job instanceof JobManifestError) {
        refused += 1;
        expect({ path, field: job.field, related: isRelated(job.field, path) }).toMatchObject({
          related: true,
        });
        expect(job.message).toMatch(
          new RegExp(`${job.field.split(/[.[]/)[0]}|Invalid (companyId|agentId|runId)`),
        );
      } else {
        await accepted(`/apis/batch/v1/namespaces/${NAMESPACE}/jobs`, job);
      }
    }
    expect(refused).toBeGreaterThan(REQUESTS / 2);
  },
  TIME_MS,
);

function jobOrRefusal(spec: Parameters<typeof buildJob>[0]) {
  try {
    return buildJob(spec);
  } catch (error) {
    if (error instanceof JobManifestError) return error;
    throw error;
  }
}

/** Parts that speak of each other: what is wrong with one shows at the other. */
const TOGETHER: readonly (readonly [RegExp, RegExp])[] = [
  [/^runDirectory$/, /^volume\.(subPaths|readOnlySubPaths)/],
  [/^volume\.subPaths/, /^volume\.readOnlySubPaths/],
  [/olumes(\[|$)/, /olumeMounts\[/],
];

function isRelated(field: string, path: string): boolean {
  const parent = path.replace(/(\.[^.[]*|\[[0-9]+\])$/, "");
  if (path.startsWith(field) || field.startsWith(path) || (parent !== path && field.startsWith(parent)))
    return true;
  return TOGETHER.some(([one, other]) => one.test(path) && other.test(field));
}

async function accepted(path: string, body: object): Promise<void> {
  const response = await fetch(`${sandbox.url}${path}?dryRun=All&fieldValidation=Strict`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (response.status !== 201) expect.fail(`${answer}\n${JSON.stringify(body)}`);
}
