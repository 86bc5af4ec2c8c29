import type { TranscriptEntry } from "@paperclip-k8s/stream-json";
import type { StdoutLineParser } from "@paperclipai/adapter-utils/types";
import { toHostEntries } from "./to-host-entries.ts";

/**
 * A stateless `parseStdoutLine` for the host's worker. A line of no meaning for people gives no entry; one that
 * cannot be read is shown as it came, since the host drops a line whose parser throws.
 */
export function stdoutLineParser(
  toTranscript: (line: string) => readonly TranscriptEntry[],
): StdoutLineParser {
  return (line, ts) => {
    try {
      return toHostEntries(toTranscript(line), ts);
    } catch {
      return [{ kind: "stdout", ts, text: line }];
    }
  };
}
