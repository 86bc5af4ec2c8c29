import type { TranscriptEntry } from "@paperclip-k8s/stream-json";
import type { Leftovers } from "../proof/what-is-left.ts";
import type { RunFigures } from "../run/figures.ts";
import type { PhaseOrNotice } from "../run/phase-of.ts";
import type { StageDescription } from "../stage/stage.ts";
import type { CancelState } from "./phases.ts";

/** Of which run something is told, and when, in ms since its start. */
interface InRun {
  readonly run: number;
  readonly atMs: number;
}

/** Everything that the demo tells, as it happens; a line of `--json` each. */
export type DemoEvent =
  | ({ readonly type: "stage" } & StageDescription)
  | { readonly type: "run"; readonly run: number; readonly task: string; readonly resumes: string | null }
  | (InRun & PhaseOrNotice)
  | (InRun & { readonly type: "transcript"; readonly entry: TranscriptEntry })
  | (InRun & { readonly type: "stderr"; readonly text: string })
  | ({ readonly type: "result" } & RunFigures)
  | { readonly type: "cancel"; readonly state: CancelState }
  | { readonly type: "table"; readonly runs: readonly RunFigures[] }
  | { readonly type: "proof"; readonly left: Leftovers; readonly clean: boolean };

/** Tells an event to whoever watches. */
export type Show = (event: DemoEvent) => void;
