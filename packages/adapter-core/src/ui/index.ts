// What runs in the host's browser worker: no module of Node, no state.
export { stdoutLineParser } from "./stdout-line-parser.ts";
export { toHostEntries } from "./to-host-entries.ts";
