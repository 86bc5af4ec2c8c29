import type { Host } from "../../src/index.ts";
import { fakeClock } from "./fake-clock.ts";

/** A host that is not this process. */
export function fakeHost(changes: Partial<Host> = {}): Host {
  return {
    environment: {},
    hostname: "paperclip-0",
    uid: 1234,
    gid: 1234,
    clock: fakeClock(),
    random: () => 0.5,
    fetch: () => Promise.reject(new Error("no network")),
    ...changes,
  };
}
