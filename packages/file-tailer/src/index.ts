export { FileTailerError, type FileTailerErrorCode, type FileTailerErrorDetails } from "./errors.ts";
export type { Checkpoint, CheckpointDigest } from "./identity/checkpoint.ts";
export type { InvalidUtf8Policy } from "./lines/decode.ts";
export type { LongLinePolicy } from "./lines/splitter.ts";
export type { ReopenPolicy, TailFrom, TailOptions } from "./options.ts";
export type { FileGlance, FileStat, FileSystem, FileSystemKind, OpenFile } from "./reading/file-system.ts";
export { nodeFileSystem } from "./reading/node-file-system.ts";
export { type Clock, systemClock } from "./scheduling/clock.ts";
export { createScheduler, type Scheduler, type SchedulerOptions } from "./scheduling/scheduler.ts";
export type {
  FinishOptions,
  FinishResult,
  Tail,
  TailBatch,
  TailEvent,
  TailLine,
  TailStats,
} from "./tail.ts";
export { tailFile } from "./tail-file.ts";
