import { readFileSync, statSync } from "node:fs";
import { expect, it } from "vitest";
import { testSandbox } from "../helpers/test-sandbox.ts";

const jobs = "/apis/batch/v1/namespaces/t/jobs";
const review = (verb: string, resource: string, group = "") => ({
  apiVersion: "authorization.k8s.io/v1",
  kind: "SelfSubjectAccessReview",
  spec: { resourceAttributes: { namespace: "t", verb, resource, group } },
});

it("without the token, or with another, every path is 401", async () => {
  const { sandbox } = await testSandbox();
  for (const path of ["/version", "/readyz", "/api/v1/pods", "/as/wrong/api/v1/pods"]) {
    const answer = await fetch(sandbox.url + path, { headers: { authorization: "Bearer wrong" } });
    expect([answer.status, ((await answer.json()) as { reason: string }).reason]).toEqual([
      401,
      "Unauthorized",
    ]);
  }
  expect((await fetch(`${sandbox.url}/api/v1/pods`)).status).toBe(401);
});

it("a written kubeconfig has the token in its address, for kubectl sends none over HTTP, and only its owner reads it", async () => {
  const { sandbox } = await testSandbox();
  const path = `${sandbox.directory}/kubeconfig`;
  await sandbox.writeKubeconfig(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { clusters } = JSON.parse(readFileSync(path, "utf8")) as {
    clusters: [{ cluster: { server: string } }];
  };
  const { server } = clusters[0].cluster;
  expect((await fetch(`${server}/api/v1/namespaces/t/pods?limit=1`)).status).toBe(200);
  expect(sandbox.kubeconfig).not.toContain("/as/");
});

it("H7: what is denied is refused with 403 and said so by an access review", async () => {
  const deny = [{ verb: "create", resource: "jobs" }, { resource: "pods/log" }];
  const test = await testSandbox({ permissions: { deny } });
  const { status, json } = await test.send("POST", jobs, { metadata: { name: "x" } });
  expect(status).toBe(403);
  expect(json).toMatchObject({
    reason: "Forbidden",
    message:
      'jobs.batch is forbidden: User "kube-sandbox" cannot create resource "jobs" in API group "batch" in the namespace "t"',
    details: { group: "batch", kind: "jobs" },
  });
  expect((await test.send("GET", "/api/v1/namespaces/t/pods/a/log")).status).toBe(403);
  expect((await test.send("GET", jobs)).status).toBe(200);
  const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const allowed = async (body: object) => (await test.send("POST", reviews, body)).json.status.allowed;
  expect(await allowed(review("create", "jobs", "batch"))).toBe(false);
  expect(await allowed(review("delete", "jobs", "batch"))).toBe(true);
});

it("every request is in the log, in order, with its verb, its client and its answer", async () => {
  const test = await testSandbox();
  await test.send("GET", `${jobs}?labelSelector=a`, undefined, { "user-agent": "tester" });
  await test.send("GET", `${jobs}/x`);
  await test.send("DELETE", jobs);
  await test.watch(`${jobs}?watch=1&timeoutSeconds=1`, () => false);
  await test.send("GET", "/version");
  expect(
    test.sandbox.requests.map(({ verb, resource, name, status }) => [verb, resource, name, status]),
  ).toEqual([
    ["list", "jobs", undefined, 200],
    ["get", "jobs", "x", 404],
    ["deletecollection", "jobs", undefined, 200],
    ["watch", "jobs", undefined, 200],
  ]);
  expect(test.sandbox.requests[0]).toMatchObject({ namespace: "t", userAgent: "tester" });
});

it("what it does not serve is refused in its own name", async () => {
  const test = await testSandbox();
  const deployments = await test.send("GET", "/apis/apps/v1/namespaces/t/deployments");
  expect([deployments.status, deployments.json.message]).toEqual([
    404,
    "the server could not find the requested resource (kube-sandbox does not serve apps/v1 deployments)",
  ]);
  const exec = await test.send("POST", "/api/v1/namespaces/t/pods/x/exec");
  expect(exec.json.message).toContain("kube-sandbox does not serve v1 pods/exec");
  const indexed = {
    completionMode: "Indexed",
    template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "x" }] } },
  };
  const job = await test.send("POST", jobs, { metadata: { name: "x" }, spec: indexed });
  expect([job.status, job.json.message]).toEqual([
    422,
    'Job.batch "x" is invalid: spec.completionMode: Forbidden: kube-sandbox knows NonIndexed only',
  ]);
});

it("a namespace is made with its service account, and goes with all that is in it", async () => {
  const test = await testSandbox();
  await test.send("POST", "/api/v1/namespaces", { metadata: { name: "other" } });
  const made = await test.watch(
    "/api/v1/namespaces/other/serviceaccounts?watch=1",
    (seen) => seen.length === 1,
  );
  expect(made[0]!.object.metadata.name).toBe("default");
  await test.send("POST", "/api/v1/namespaces/other/secrets", { metadata: { name: "s" } });
  const gone = test.watch(
    "/api/v1/namespaces?watch=1&fieldSelector=metadata.name%3Dother",
    (seen) => seen.at(-1)?.type === "DELETED",
  );
  expect(
    (await test.send("DELETE", "/api/v1/namespaces/other")).json.metadata.deletionTimestamp,
  ).toBeDefined();
  await gone;
  expect((await test.send("GET", "/api/v1/namespaces/other/secrets")).json.items).toEqual([]);
});
