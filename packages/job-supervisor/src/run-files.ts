import type { JobRun } from "@paperclip-k8s/job-manifest";
import type { ObservedFiles } from "./outcome/facts.ts";

/** Which attempt's files are meant. */
export type RunFilesOf = Pick<JobRun, "runDirectory"> & {
  readonly identity: Pick<JobRun["identity"], "runId" | "attempt">;
};

/** The files of one attempt in its run directory, as the host sees them: a port, so that no I/O is here. */
export interface RunFiles {
  /** Makes the folders, the empty output files and the padded record, before the pod exists. */
  prepare(): Promise<void>;
  /** What is there now; neither mark nor record where the pod never came, or the files have been removed. */
  look(): Promise<Pick<ObservedFiles, "started" | "record">>;
  /**
   * Looks at the mark and the record again and again until `signal` aborts, and tells what has changed. Must
   * read on a fresh open each time: a held handle need not see what another machine wrote.
   */
  observe(listener: (files: Pick<ObservedFiles, "started" | "record">) => void, signal: AbortSignal): void;
  /** Removes the attempt's files; those that are gone already are no error. */
  remove(): Promise<void>;
}
