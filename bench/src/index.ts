export { loadTailer, TAILER_IDS, type TailerId } from "./tailers/load-tailer.ts";
export type { Following, FollowOptions, Sink, Tailer } from "./tailers/tailer.ts";
