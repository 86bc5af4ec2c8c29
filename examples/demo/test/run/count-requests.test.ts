import { describe, expect, test } from "vitest";
import { type AuditedRequest, countRequests } from "../../src/run/count-requests.ts";

function requests(...kinds: readonly string[]): AuditedRequest[] {
  return kinds.map((kind) => {
    const [verb = "", resource = "", userAgent = "paperclip-k8s/0.0.0"] = kind.split(" ");
    return { at: 0, status: 200, verb, resource, userAgent };
  });
}

const start = ["get pods", "list jobs", "list pods", "watch jobs", "watch pods"];
const launch = ["create jobs", "list jobs", "create secrets", "patch jobs", "delete jobs"];
const ofLaunch = { "create jobs": 1, "list jobs": 1, "create secrets": 1, "patch jobs": 1, "delete jobs": 1 };

describe("counting requests", () => {
  test("tells the process's start from the first run", () => {
    const counted = countRequests({ requests: requests(...start, ...launch), firstRequest: 0 });
    expect(counted.run).toEqual(ofLaunch);
    expect(counted.start).toEqual(Object.fromEntries(start.map((kind) => [kind, 1])));
  });

  test("knows for a second run what the first one has started", () => {
    const all = requests(...start, ...launch, ...launch);
    const counted = countRequests({ requests: all, firstRequest: start.length + launch.length });
    expect(counted).toEqual({ run: ofLaunch, start: {} });
  });

  test("counts a watch that is opened again as nobody's run", () => {
    const all = requests(...start, ...launch, "watch jobs");
    const counted = countRequests({ requests: all, firstRequest: start.length + launch.length });
    expect(counted).toEqual({ run: {}, start: { "watch jobs": 1 } });
  });

  test("counts a pod that is read again as the run's", () => {
    const all = requests(...start, "get pods", "get pods");
    expect(countRequests({ requests: all, firstRequest: start.length }).run).toEqual({ "get pods": 2 });
  });

  test("leaves out what others ask", () => {
    const counted = countRequests({
      requests: requests("list jobs proof/1", "create pods proof/1"),
      firstRequest: 0,
    });
    expect(counted).toEqual({ run: {}, start: {} });
  });
});
