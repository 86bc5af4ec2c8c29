import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { describeCluster } from "../../src/cluster/describe-cluster.ts";
import { countRequests, openAuditWindow, type RequestCounts } from "../../src/index.ts";
import { startHost } from "../../src/run/start-host.ts";
import { useStage } from "../../src/run/use-stage.ts";

/** What a process asks once, whatever the number of its runs: lists and watches of Jobs and Pods. */
const OF_THE_PROCESS: RequestCounts = { "list jobs": 1, "list pods": 1, "watch jobs": 1, "watch pods": 1 };

describeCluster("the API budget", (cluster) => {
  const stage = useStage(cluster, { mayLeave: true });

  /** The requests of a process with one run. */
  async function requestsOf(seconds: number): Promise<RequestCounts> {
    const audit = await openAuditWindow(cluster);
    if (audit === undefined) return {};
    await using host = startHost({
      agent: "shell" as const,
      agentId: randomUUID(),
      companyId: randomUUID(),
      runId: randomUUID(),
      prompt: `i=0; while [ $i -lt ${seconds * 5} ]; do i=$((i+1)); echo tick $i; sleep 0.2; done`,
      config: stage().config,
    });
    expect(await host.result).toMatchObject({ errorCode: null });
    return countRequests(await audit.requests({ user: stage().namespace.userName }));
  }

  test.skipIf(cluster.home === undefined)(
    "a run of 5 s and one of 60 s ask the same five things",
    async () => {
      const short = await requestsOf(5);
      const long = await requestsOf(60);
      expect(short).toEqual({
        ...OF_THE_PROCESS,
        "create jobs": 1,
        "create secrets": 1,
        // One more than the process's own: the guard's.
        "list jobs": 2,
        "patch jobs": 1,
        "delete jobs": 1,
      });
      expect(long).toEqual(short);
    },
  );
});
