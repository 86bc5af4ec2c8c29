export { type Conforming, type FollowRequest, fileTailer, type TailerAdapter } from "./adapter.ts";
export { type RunOptions, runScenario } from "./run-scenario.ts";
export type { Scenario, Step } from "./scenario.ts";
export { SCENARIOS } from "./scenarios.ts";
export type { Verdict } from "./verdict.ts";
