import type { KubeSandboxOptions } from "@paperclip-k8s/kube-sandbox";
import { afterAll, beforeAll } from "vitest";
import { openStage, type Stage } from "./stage.ts";

/** One stage for all tests of a file, which each leave it empty. */
export function sharedStage(options: Partial<KubeSandboxOptions> = {}): () => Stage {
  let stage: Stage | null = null;
  beforeAll(async () => {
    stage = await openStage(options);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());
  return () => {
    if (stage === null) throw new Error("the stage opens before the first test");
    return stage;
  };
}
