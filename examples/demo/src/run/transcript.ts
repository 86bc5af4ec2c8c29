import { claudeToTranscript, type TranscriptEntry } from "@paperclip-k8s/stream-json";

/** Takes the agent's stdout as the host gets it. */
export interface Transcript {
  push(chunk: string): void;
}

/** Turns chunks of stdout into transcript entries: a chunk is a line, or a piece of a long one. */
export function createTranscript(onEntry: (entry: TranscriptEntry) => void): Transcript {
  let rest = "";
  return {
    push(chunk) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) for (const entry of claudeToTranscript(line)) onEntry(entry);
    },
  };
}
