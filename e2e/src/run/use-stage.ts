import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { PresentCluster } from "../cluster/cluster.ts";
import { openStage, type Stage, type StageOptions } from "./open-stage.ts";
import { NOTHING, takeAway, whatIsLeft } from "./what-is-left.ts";

/**
 * A stage for the tests of a `describe`: opened before the first, taken away after the last. Each of them must leave
 * nothing in it, unless `mayLeave`.
 */
export function useStage(
  cluster: PresentCluster,
  { mayLeave = false, ...options }: StageOptions & { readonly mayLeave?: boolean } = {},
): () => Stage {
  let stage: Stage | undefined;
  const current = (): Stage => {
    if (!stage) throw new Error("the stage is there only while a test runs");
    return stage;
  };
  beforeAll(async () => {
    stage = await openStage({ ...options, cluster, env: process.env });
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());
  if (!mayLeave) {
    afterEach(async () => {
      const { namespace } = current();
      const left = await whatIsLeft(namespace);
      await takeAway(namespace, left);
      expect(left).toEqual(NOTHING);
    });
  }
  return current;
}
