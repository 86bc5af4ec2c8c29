import { recordedRuns } from "../../../adapter-core/test/support/adapters/recorded-runs.ts";

/** What the real OpenCode printed in every situation. */
export const { names: recordings, run: recording } = recordedRuns("opencode");
