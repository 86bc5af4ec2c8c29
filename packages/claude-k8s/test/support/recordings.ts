import { recordedRuns } from "../../../adapter-core/test/support/adapters/recorded-runs.ts";

/** What the real Claude Code printed in every situation. */
export const { names: recordings, run: recording } = recordedRuns("claude");
