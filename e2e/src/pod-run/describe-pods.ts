import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect } from "vitest";
import { ensureAgentImage } from "../cluster/agent-image.ts";
import type { PresentCluster } from "../cluster/cluster.ts";
import { describeCluster } from "../cluster/describe-cluster.ts";
import { openNamespace, type TestNamespace } from "../namespace/open-namespace.ts";
import { type Leftovers, NOTHING, whatIsLeft } from "../run/what-is-left.ts";
import type { PodRun } from "./pod-run.ts";
import { type PodRunSpecOptions, podRunSpec } from "./pod-run-spec.ts";
import { type StartPodRunOptions, startPodRun } from "./start-pod-run.ts";

/** A run in the file's own namespace; by default in an image with dash, bash, coreutils and no agent CLI. */
export interface PodOptions
  extends Omit<PodRunSpecOptions, "namespace" | "image">,
    Pick<StartPodRunOptions, "owner" | "inject" | "beforeResume"> {
  readonly image?: string;
}

/** What the tests of one file share. Read it in tests and hooks only: it is there when they run. */
export interface Pods {
  readonly namespace: TestNamespace;
  readonly cluster: PresentCluster;
  /** The image that a run has unless it names another. */
  readonly image: string;
  start(options: PodOptions): Promise<PodRun>;
}

/**
 * A `describeCluster` with one restricted namespace, whose tests may run side by side (`test.concurrent`).
 *
 * At the end nothing may be left in the namespace: a Secret that outlives its Job fails the file.
 */
export function describePods(title: string, define: (pods: Pods) => void): void {
  describeCluster(title, (cluster) => {
    let namespace: TestNamespace;
    let debian: string;
    beforeAll(async () => {
      debian = await ensureAgentImage({ cluster, executables: {}, env: process.env });
      namespace = await openNamespace({ cluster, env: process.env });
    });
    afterAll(async () => {
      if (namespace === undefined) return;
      let left: Leftovers | undefined;
      try {
        left = await whatIsLeft(namespace);
      } finally {
        // One in which nothing is left may go on its own, which takes ten seconds.
        const isEmpty = isDeepStrictEqual(left, NOTHING);
        await (isEmpty ? namespace.discard() : namespace[Symbol.asyncDispose]());
      }
      expect(left).toEqual(NOTHING);
    });
    define({
      cluster,
      get image() {
        return debian;
      },
      get namespace() {
        return namespace;
      },
      start: async ({ image = debian, owner, inject, beforeResume, ...spec }) =>
        startPodRun({
          namespace,
          spec: podRunSpec({ ...spec, namespace, image }),
          ...(owner && { owner }),
          ...(inject && { inject }),
          ...(beforeResume && { beforeResume }),
        }),
    });
  });
}
