import { join } from "node:path";

/** The host's module that stores run logs, as far as it is used here. */
interface RunLogModule {
  readonly compactRunLogChunk: (chunk: string) => string;
}

/**
 * The very function by which the installed host redacts a chunk before it stores it.
 *
 * Home folders and user names are redacted before that only where the instance asks for it, which is off by default.
 */
export async function hostRedaction(modules: string): Promise<(chunk: string) => string> {
  const file = join(modules, "@paperclipai", "server", "dist", "services", "heartbeat.js");
  const { compactRunLogChunk } = (await import(file)) as RunLogModule;
  return (chunk) => compactRunLogChunk(chunk);
}

/** The adapter hands over lines, and long ones in pieces of this many characters at most. */
const PIECE = 8 * 1024;

/** The chunks in which a text without surrogate pairs reaches the host. */
export function chunksOf(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  return lines.flatMap((line) => line.match(new RegExp(`[^]{1,${PIECE}}`, "g")) ?? []);
}
