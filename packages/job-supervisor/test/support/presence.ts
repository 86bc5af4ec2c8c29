import type { HostPresence } from "../../src/index.ts";

/** The hosts of one world: those that keep a mark are alive until they say goodbye, or are killed. */
export function presences(): { of(): HostPresence & { kill(): void } } {
  const alive = new Set<string>();
  return {
    of: () => {
      let own = "";
      return {
        keep: (hostId, signal) => {
          own = hostId;
          alive.add(hostId);
          signal.addEventListener("abort", () => alive.delete(hostId));
        },
        isAlive: async (hostId) => alive.has(hostId),
        kill: () => alive.delete(own),
      };
    },
  };
}
