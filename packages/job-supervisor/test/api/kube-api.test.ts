import { expect, test } from "vitest";
import { createKubeApi, type KubeRequest, type KubeTransport } from "../../src/index.ts";

/** What each call sends; lists have two pages. */
function sent() {
  const requests: KubeRequest[] = [];
  const transport = {
    json: async (request: KubeRequest) => {
      requests.push(request);
      const isFirst = request.query?.["continue"] === undefined;
      return { items: [requests.length], metadata: { continue: isFirst ? "next" : "" } };
    },
  } as unknown as KubeTransport;
  return { requests, api: createKubeApi({ transport, namespace: "agents" }) };
}

test("X3 nothing is deleted by force: a deletion names no grace, and what it insists on", async () => {
  const { requests, api } = sent();
  await api.deleteJob("run", {
    propagation: "Foreground",
    preconditions: { uid: "u", resourceVersion: "7" },
  });
  expect(requests[0]?.query).toBeUndefined();
  expect(requests[0]?.body).toEqual({
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: "Foreground",
    preconditions: { uid: "u", resourceVersion: "7" },
  });
});

test("G3 a list is a quorum read, whole: no version is named, and every page is asked for", async () => {
  const { requests, api } = sent();
  expect(await api.listJobs("a=b")).toEqual([1, 2]);
  expect(requests.map(({ query }) => query)).toEqual([
    { labelSelector: "a=b", limit: 500, continue: undefined },
    { labelSelector: "a=b", limit: 500, continue: "next" },
  ]);
});
