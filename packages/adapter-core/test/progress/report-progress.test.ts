import type { RunPhase } from "@paperclip-k8s/job-supervisor";
import { describe, expect, it } from "vitest";
import { reportNotice, reportProgress } from "../../src/progress/report-progress.ts";

function listening() {
  const events: unknown[] = [];
  const progress: unknown[] = [];
  return {
    events,
    progress,
    onEvent: async (event: unknown) => void events.push(event),
    onRuntimeProgress: async (told: unknown) => void progress.push(told),
  };
}

it("tells the host the phase, with the pod and Kubernetes' own words", () => {
  const host = listening();
  reportProgress(
    host,
    "sh-a-r",
  )({ phase: "pulling", podName: "sh-a-r-x", detail: "Pulling example/agent:1" });
  const message = "Pulling the image (pod sh-a-r-x): Pulling example/agent:1";
  expect(host.progress).toEqual([{ phase: "adapter_startup", message }]);
  expect(host.events).toEqual([
    {
      ...{ eventType: "k8s.phase", stream: "system", level: "info", message },
      payload: { job: "sh-a-r", pod: "sh-a-r-x", phase: "pulling", detail: "Pulling example/agent:1" },
    },
  ]);
});

it("has a sentence for every phase", async () => {
  const host = listening();
  const phases: RunPhase[] = [
    "queued",
    "scheduling",
    "pulling",
    "starting",
    "running",
    "finishing",
    "stopping",
  ];
  for (const phase of phases) reportProgress(host, "job")({ phase, podName: null, detail: null });
  await expect.poll(() => host.events.length).toBe(phases.length);
  const messages = host.events.map((event) => (event as { message: string }).message);
  expect(new Set(messages).size).toBe(phases.length);
  expect(messages.join()).not.toContain("undefined");
});

describe("nothing of it comes back into the run", () => {
  const throwing = () => {
    throw new Error("at once");
  };
  const rejecting = () => Promise.reject(new Error("later"));

  it.each([
    ["throws", { onEvent: throwing, onRuntimeProgress: throwing }],
    ["rejects", { onEvent: rejecting, onRuntimeProgress: rejecting }],
    ["has neither", {}],
  ])("where the host %s", async (_what, host) => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on("unhandledRejection", note);
    reportProgress(host, "job")({ phase: "running", podName: null, detail: null });
    reportNotice(host, "a note");
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it("a host whose first sink throws still gets the second", () => {
    const host = listening();
    reportNotice({ ...host, onRuntimeProgress: throwing }, "a note");
    expect(host.events).toHaveLength(1);
  });
});

it("tells a slow host one thing after the other, in the order in which they happened", async () => {
  const heard: string[] = [];
  const waits = [30, 0, 10];
  const host = {
    onEvent: async ({ message = "" }: { message?: string }) => {
      await new Promise((resolve) => setTimeout(resolve, waits.shift()));
      heard.push(message);
    },
  };
  const report = reportProgress(host, "sh-a-r");
  report({ phase: "scheduling", podName: null, detail: null });
  reportNotice(host, "A notice.");
  report({ phase: "starting", podName: null, detail: null });
  await expect.poll(() => heard).toEqual(["Waiting for a node", "A notice.", "Starting the container"]);
});
